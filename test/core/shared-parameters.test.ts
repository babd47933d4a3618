/** Parameters that several paths reach are updated, decayed, clipped, counted and saved once. */
import { describe, expect, it, test } from 'vitest';
import {
  Chain,
  ChainList,
  F,
  KeyError,
  L,
  type Link,
  np,
  optimizerHooks,
  optimizers,
  Parameter,
  Sequential,
  serializers,
  type Variable,
  type VariableLike,
} from '../../src/index.js';
import { load, saved } from '../support/training-fixtures.js';

const x = () => np.array([[0.5, -1, 2]]);
const layer = () =>
  new L.Linear(3, 3, {
    initialW: np.array([
      [0.9, -0.3, 0.2],
      [0.1, 0.8, -0.5],
      [-0.2, 0.4, 1.1],
    ]),
  });

/** The oracle: the same computation, with the layer in one place. */
class Once extends Chain {
  a = layer();
  forward(v: VariableLike): Variable {
    return this.a(this.a(v));
  }
}

class TwoFields extends Chain {
  a = layer();
  b = this.a;
  forward(v: VariableLike): Variable {
    return this.b(this.a(v));
  }
}

/** A link of its own whose parameters are another's. */
class Tied extends Chain {
  a = layer();
  b = new L.Linear(3, 3);
  constructor() {
    super();
    Object.assign(this.b, { W: this.a.W, b: this.a.b });
  }
  forward(v: VariableLike): Variable {
    return this.b(this.a(v));
  }
}

class InList extends ChainList<L.Linear> {
  constructor() {
    const one = layer();
    super(one, one);
  }
  forward(v: VariableLike): Variable {
    return this.at(1)(this.at(0)(v));
  }
}

/** Two chains that hold one layer. */
class BetweenChains extends Chain {
  first = new Sequential(layer());
  second = new Sequential(this.first.at(0));
  forward(v: VariableLike): Variable {
    return this.second(this.first(v));
  }
}

const twice = () => {
  const one = layer();
  return new Sequential(one, one);
};

interface Net extends Link {
  forward(v: VariableLike): Variable;
}
const SHARED: readonly (readonly [string, () => Net])[] = [
  ['two fields', () => new TwoFields()],
  ['tied parameters', () => new Tied()],
  ['a ChainList twice', () => new InList()],
  ['a Sequential twice', twice],
  ['two chains', () => new BetweenChains()],
];

const OPTIMIZERS: Readonly<Record<string, () => optimizers.Optimizer>> = {
  SGD: () => new optimizers.SGD(0.1),
  MomentumSGD: () => new optimizers.MomentumSGD(0.1),
  CorrectedMomentumSGD: () => new optimizers.CorrectedMomentumSGD(0.1),
  NesterovAG: () => new optimizers.NesterovAG(0.1),
  Adam: () => new optimizers.Adam(0.1),
  AdamW: () => new optimizers.AdamW(0.1, 0.9, 0.999, 1e-8, { weightDecayRate: 0.1 }),
  AMSGrad: () => new optimizers.AMSGrad(0.1),
  AdaBound: () => new optimizers.AdaBound(0.1),
  AMSBound: () => new optimizers.AMSBound(0.1),
  AdaGrad: () => new optimizers.AdaGrad(0.1),
  AdaDelta: () => new optimizers.AdaDelta(),
  RMSprop: () => new optimizers.RMSprop(0.1),
  RMSpropGraves: () => new optimizers.RMSpropGraves(0.1),
  SMORMS3: () => new optimizers.SMORMS3(0.1),
  MSVAG: () => new optimizers.MSVAG(0.1),
};

const HOOKS: Readonly<Record<string, () => optimizers.OptimizerHook>> = {
  WeightDecay: () => new optimizerHooks.WeightDecay(0.3),
  Lasso: () => new optimizerHooks.Lasso(0.3),
  GradientClipping: () => new optimizerHooks.GradientClipping(0.5),
  GradientHardClipping: () => new optimizerHooks.GradientHardClipping(-0.2, 0.2),
  GradientNoise: () => new optimizerHooks.GradientNoise(0.5),
  GradientLARS: () => new optimizerHooks.GradientLARS(0.01, { weightDecay: 0.1 }),
};

/** The weights after some updates. */
function trained(model: Net, optimizer: optimizers.Optimizer, hook?: optimizers.OptimizerHook): unknown[] {
  np.random.seed(3);
  optimizer.setup(model);
  if (hook) optimizer.addHook(hook);
  for (let i = 0; i < 3; i++) optimizer.update(() => F.sum(F.square(model.forward(x()))));
  return Array.from(model.params(), (param) => param.tolist());
}

describe.each(SHARED)('in %s', (_, make) => {
  it('is found once, under the first path', () => {
    const [model, once] = [make(), new Once()];
    expect([...model.params()].length).toBe(2);
    expect([...model.namedParams()].map(([, param]) => param)).toEqual([...model.params()]);
    expect(model.countParams()).toBe(once.countParams());
  });

  it.each(Object.keys(OPTIMIZERS))('is updated once by %s', (name) => {
    expect(trained(make(), OPTIMIZERS[name]())).toEqual(trained(new Once(), OPTIMIZERS[name]()));
  });

  it.each(Object.keys(HOOKS))('is changed once by %s', (name) => {
    const sgd = () => new optimizers.SGD(0.1);
    expect(trained(make(), sgd(), HOOKS[name]())).toEqual(trained(new Once(), sgd(), HOOKS[name]()));
  });

  it.each([{ scale: 128 }, {}])('has its gradient scaled back once (%o)', (options) => {
    const scaled = (model: Net) => {
      const optimizer = new optimizers.SGD(0.1);
      optimizer.lossScaling(options);
      return trained(model, optimizer);
    };
    expect(scaled(make())).toEqual(scaled(new Once()));
  });

  it.each(['share', 'copy', 'init'] as const)('stays one in a copy (%s)', (mode) => {
    const copied = make().copy(mode);
    expect([...copied.params()].length).toBe(2);
    expect(trained(copied, new optimizers.SGD(0.1))).toEqual(trained(new Once(), new optimizers.SGD(0.1)));
  });

  it('stays one on a device', () => {
    const model = make().toDevice('wasm');
    expect([...model.params()].length).toBe(2);
  });

  it('is saved once, and comes back', () => {
    const model = make();
    trained(model, new optimizers.SGD(0.1));
    const entries = saved(model);
    expect(entries.size).toBe(2);
    const another = make();
    load(another, entries);
    expect(Array.from(another.params(), (p) => p.tolist())).toEqual(Array.from(model.params(), (p) => p.tolist()));
  });

  it('has one state, which is saved once and comes back', () => {
    const model = make();
    const optimizer = new optimizers.Adam(0.1);
    trained(model, optimizer);
    const entries = saved(optimizer);
    // t and epoch; and t, m and v of W and of b
    expect(entries.size).toBe(2 + 2 * 3);
    const again = new optimizers.Adam(0.1).setup(make());
    load(again, entries);
    expect(saved(again)).toEqual(entries);
  });

  it('is frozen with any of its links', () => {
    const model = make();
    expect(model.frozenParams().size).toBe(0);
    model.disableUpdate();
    expect(model.frozenParams().size).toBe(2);
  });
});

describe('files', () => {
  const file = (...paths: string[]) =>
    new Map(
      [...saved(new Once())].flatMap(([key, value]) => paths.map((path) => [key.replace(/^a/, path), value] as const)),
    );

  it('have both names, as Chainer writes them, or either', () => {
    for (const paths of [['a', 'b'], ['a'], ['b']]) {
      const model = new Tied();
      for (const param of model.params()) param.array.fill(7);
      load(model, file(...paths));
      expect(model.a.W.tolist()).toEqual(layer().W.tolist());
      expect(model.b.W).toBe(model.a.W);
      const npz = new Tied();
      for (const param of npz.params()) param.array.fill(7);
      serializers.fromNpz(serializers.toNpz({ serialize: (s) => load2(s, paths) }), npz);
      expect(npz.a.W.tolist()).toEqual(layer().W.tolist());
    }
  });

  /** Writes a model under some names. */
  function load2(serializer: Parameters<Link['serialize']>[0], paths: readonly string[]): void {
    for (const path of paths) layer().serialize(serializer.child(path));
  }

  it('without any of the names are refused by the first', () => {
    expect(() => load(new Tied(), file('c'))).toThrow(KeyError);
    expect(() => load(new Tied(), file('c'))).toThrow(/'a\/W'/);
    expect(() => load(new Tied(), file('c'), false)).not.toThrow();
  });

  it('hold running statistics of a shared link once', () => {
    const norm = new L.BatchNormalization(2);
    const model = new Sequential(norm, F.relu, norm);
    model(
      np.array([
        [1, 2],
        [3, 5],
      ]),
    );
    expect([...saved(model).keys()].sort()).toEqual(['0/N', '0/avg_mean', '0/avg_var', '0/beta', '0/gamma']);
    const another = new Sequential(norm.copy('init'));
    const untied = saved(new Sequential(norm, norm.copy('copy')));
    load(another, saved(model));
    expect(untied.size).toBe(10);
    expect(saved(another)).toEqual(saved(model));
  });

  it('give a shape to a tied parameter that waits for it', () => {
    const make = () => {
      const lazy = new L.Linear(null, 3);
      return new Sequential(lazy, lazy);
    };
    const model = make();
    model(x());
    const another = make();
    load(another, saved(model));
    expect(saved(another)).toEqual(saved(model));
  });

  it('of states have both names too', () => {
    const model = new Tied();
    const optimizer = new optimizers.MomentumSGD(0.1);
    trained(model, optimizer);
    const entries = saved(optimizer);
    const both = new Map(entries);
    for (const [key, value] of entries) if (key.startsWith('a/')) both.set(key.replace(/^a/, 'b'), value);
    const either = new Map([...both].filter(([key]) => !key.startsWith('a/')));
    for (const file of [both, either]) {
      const again = new optimizers.MomentumSGD(0.1).setup(new Tied());
      load(again, file);
      expect(saved(again)).toEqual(entries);
    }
  });
});

test('what is tied here and not there is copied and added by every path', () => {
  const untied = new Sequential(layer(), layer());
  const tied = twice();
  for (const param of untied.params()) param.array.fill(0);
  untied.copyparams(tied);
  expect(Array.from(untied.params(), (p) => p.tolist())).toEqual(
    [...tied.params(), ...tied.params()].map((p) => p.tolist()),
  );
  tied.copyparams(untied);
  untied.cleargrads();
  tied.cleargrads();
  F.sum(tied(x())).backward();
  untied.addgrads(tied);
  expect([...untied.params()].every((param) => param.grad !== null)).toBe(true);
});

test('a link that holds itself is visited and saved once', () => {
  class Loop extends Chain {
    inner = layer();
    self: Loop | null = null;
  }
  const loop = new Loop();
  loop.self = loop;
  expect([...loop.namedLinks()].map(([path]) => path)).toEqual(['/', '/inner']);
  expect([...saved(loop).keys()]).toEqual(['inner/W', 'inner/b']);
  expect(loop.copy().self).not.toBe(loop);
});

test('updates by hand, in closed form: y = w·w·x, dy/dw = 2', () => {
  const l = new L.Linear(1, 1, { initialW: 1, nobias: true });
  const net = new Sequential(l, l);
  const optimizer = new optimizers.SGD(0.1).setup(net);
  optimizer.addHook(new optimizerHooks.WeightDecay(0.5));
  optimizer.update(() => F.sum(net(np.ones([1, 1]))));
  expect(l.W.array.item()).toBeCloseTo(1 - 0.1 * (2 + 0.5), 6);
});

test('a parameter that is tied is moved with its gradient', () => {
  const tied = new Tied();
  F.sum(tied(x())).backward();
  const before = tied.a.W.grad?.tolist();
  tied.toDevice('wasm');
  expect(tied.a.W.grad?.tolist()).toEqual(before);
  expect(tied.b.W).toBe(tied.a.W);
  expect(tied.a.W).toBeInstanceOf(Parameter);
});
