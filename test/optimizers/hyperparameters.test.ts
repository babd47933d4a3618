/**
 * Hyperparameters by position and by name, also under the names of other libraries, and the values that are refused.
 */
import { describe, expect, it, test } from 'vitest';
import { F, iterators, KeyError, L, np, optimizerHooks, optimizers, training, ValueError } from '../../src/index.js';

type Make = (...args: never[]) => optimizers.Optimizer;

/** Each optimizer, with the defaults of Chainer's signature in its order. */
const SIGNATURES: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  SGD: [['lr', 0.01]],
  MomentumSGD: [
    ['lr', 0.01],
    ['momentum', 0.9],
  ],
  CorrectedMomentumSGD: [
    ['lr', 0.01],
    ['momentum', 0.9],
  ],
  NesterovAG: [
    ['lr', 0.01],
    ['momentum', 0.9],
  ],
  AdaGrad: [
    ['lr', 0.001],
    ['eps', 1e-8],
  ],
  AdaDelta: [
    ['rho', 0.95],
    ['eps', 1e-6],
  ],
  RMSprop: [
    ['lr', 0.01],
    ['alpha', 0.99],
    ['eps', 1e-8],
  ],
  RMSpropGraves: [
    ['lr', 1e-4],
    ['alpha', 0.95],
    ['momentum', 0.9],
    ['eps', 1e-4],
  ],
  SMORMS3: [
    ['lr', 0.001],
    ['eps', 1e-16],
  ],
  MSVAG: [
    ['lr', 0.1],
    ['beta', 0.9],
  ],
  Adam: [
    ['alpha', 0.001],
    ['beta1', 0.9],
    ['beta2', 0.999],
    ['eps', 1e-8],
  ],
  AdamW: [
    ['alpha', 0.001],
    ['beta1', 0.9],
    ['beta2', 0.999],
    ['eps', 1e-8],
  ],
  AMSGrad: [
    ['alpha', 0.001],
    ['beta1', 0.9],
    ['beta2', 0.999],
    ['eps', 1e-8],
  ],
  AdaBound: [
    ['alpha', 0.001],
    ['beta1', 0.9],
    ['beta2', 0.999],
    ['finalLr', 0.1],
    ['gamma', 0.001],
    ['eps', 1e-8],
  ],
  AMSBound: [
    ['alpha', 0.001],
    ['beta1', 0.9],
    ['beta2', 0.999],
    ['finalLr', 0.1],
    ['gamma', 0.001],
    ['eps', 1e-8],
  ],
};

const make = (name: string, ...args: unknown[]): optimizers.Optimizer =>
  Reflect.construct(Reflect.get(optimizers, name) as Make, args);
const valuesOf = (optimizer: optimizers.Optimizer) => optimizer.hyperparam.snapshot() as Record<string, unknown>;

describe.each(Object.entries(SIGNATURES))('%s', (name, signature) => {
  const defaults = Object.fromEntries(signature);

  it('has Chainer’s defaults', () => {
    expect(valuesOf(make(name))).toMatchObject(defaults);
    expect(valuesOf(make(name, undefined))).toEqual(valuesOf(make(name)));
    expect(valuesOf(make(name, {}))).toEqual(valuesOf(make(name)));
  });

  it('takes each value by its place and by its name', () => {
    for (const [place, [key]] of signature.entries()) {
      const want = { ...valuesOf(make(name)), [key]: 0.5 };
      expect(valuesOf(make(name, ...Array(place).fill(undefined), 0.5))).toEqual(want);
      expect(valuesOf(make(name, { [key]: 0.5 }))).toEqual(want);
      const set = make(name);
      Reflect.set(set, key, 0.5);
      expect([valuesOf(set), Reflect.get(set, key)]).toEqual([want, 0.5]);
    }
  });

  it('refuses names that do not exist, and lists those there are', () => {
    for (const given of [
      { alhpa: 0.1 },
      { learningRate: 0.1 },
      { toString: 1 },
      { [signature[0][0]]: 0.1, betas: [0.9, 0.99] },
    ]) {
      expect(() => make(name, given)).toThrow(TypeError);
      expect(() => make(name, given)).toThrow(new RegExp(`${name}: no option.*${signature[0][0]}`));
    }
    const { values } = make(name).hyperparam;
    expect(() => Reflect.set(values, 'alhpa', 0.1)).toThrow(KeyError);
    expect(() => Reflect.set(values, 'alhpa', 0.1)).toThrow(
      new RegExp(`${name}.*'alhpa'; there are.*${signature[0][0]}`),
    );
  });

  it('refuses values that are not finite numbers, wherever they are set', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '0.1', null, true, [0.1], () => 1]) {
      for (const [place, [key]] of signature.entries()) {
        expect(() => make(name, { [key]: wrong }), `${key} ${wrong}`).toThrow(ValueError);
        expect(() => Reflect.set(make(name), key, wrong), `${key} ${wrong}`).toThrow(ValueError);
        expect(() => Reflect.set(make(name).hyperparam.values, key, wrong), key).toThrow(`${name}: ${key} is`);
        if (typeof wrong !== 'object') {
          const args = [...Array(place).fill(undefined), wrong];
          expect(() => make(name, ...args), `${key} ${wrong}`).toThrow(ValueError);
        }
      }
    }
    expect(() => make(name, ...Array(signature.length).fill(undefined), 0.5)).toThrow(TypeError);
  });
});

const FAMILY = ['Adam', 'AdamW', 'AMSGrad', 'AdaBound', 'AMSBound'];

describe.each(FAMILY)('%s', (name) => {
  const corrected = (alpha: number, t: number) => (alpha * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);

  it('takes lr for alpha', () => {
    expect(valuesOf(make(name, { lr: 0.25 }))).toEqual(valuesOf(make(name, { alpha: 0.25 })));
    expect(() => make(name, { lr: 0.1, alpha: 0.1 })).toThrow(ValueError);
  });

  it('gives the corrected rate as lr, and sets alpha by it', () => {
    const optimizer = make(name, { lr: 0.5 }) as optimizers.Adam;
    expect(optimizer.lr).toBeCloseTo(corrected(0.5, 1), 12);
    optimizer.setup(new L.Linear(1, 1));
    for (let i = 0; i < 4; i++) optimizer.update(() => F.sum((optimizer.target as L.Linear)(np.ones([1, 1]))));
    expect(optimizer.lr).toBeCloseTo(corrected(0.5, 4), 12);
    optimizer.lr = 0.25;
    expect(optimizer.alpha).toBe(0.25);
    expect(optimizer.lr).toBeCloseTo(corrected(0.25, 4), 12);
    expect(() => {
      optimizer.lr = Number.NaN;
    }).toThrow(ValueError);
  });

  it('takes lr for alpha for one parameter', () => {
    const link = new L.Linear(1, 1, { initialW: 0 });
    const optimizer = make(name, { lr: 0.5 }).setup(link);
    const { hyperparam } = link.W.updateRule as optimizers.UpdateRule<optimizers.AdamHyperparameters & { lr: number }>;
    hyperparam.values.lr = 0.125;
    expect([hyperparam.values.alpha, hyperparam.values.lr, valuesOf(optimizer).alpha]).toEqual([0.125, 0.125, 0.5]);
    if (name === 'AdaBound' || name === 'AMSBound') return;
    optimizer.update(() => F.sum(link(np.ones([1, 1]))));
    expect(link.W.array.item()).toBeCloseTo(-0.125, 5);
    expect(link.b?.array.item()).toBeCloseTo(-0.5, 5);
  });

  const { extensions } = training;
  const SHIFTS: readonly (readonly [training.Extension, number[]])[] = [
    [new extensions.ExponentialShift('lr', 0.5), [0.5, 0.25, 0.125]],
    [new extensions.InverseShift('lr', 1, 1), [0.5, 0.25, 0.5 / 3]],
    [new extensions.LinearShift('lr', [1, 0], [0, 4]), [1, 0.75, 0.5]],
    [new extensions.MultistepShift('lr', 0.5, [2]), [0.5, 0.5, 0.25]],
    [new extensions.PolynomialShift('lr', 1, 4), [0.5, 0.375, 0.25]],
    [new extensions.StepShift('lr', 0.5, 2), [0.5, 0.5, 0.25]],
    [new extensions.WarmupShift('lr', 0.1, 2, 0.5), [0.1, 0.3, 0.5]],
  ];
  it.each(SHIFTS)('%# shifts its alpha by the name lr', (shift, want) => {
    const optimizer = make(name, 0.5).setup(new L.Linear(1, 1));
    const trainer = new training.Trainer(new training.StandardUpdater({}, optimizer), null, null);
    shift.initialize(trainer);
    const got = [valuesOf(optimizer).alpha as number];
    for (let i = 0; i < 2; i++) {
      shift.invoke(trainer);
      got.push(valuesOf(optimizer).alpha as number);
    }
    for (const [i, value] of want.entries()) expect(got[i]).toBeCloseTo(value, 12);
  });
});

test('a shift of a name that does not exist lists the names', async () => {
  const optimizer = new optimizers.AdaDelta().setup(new L.Classifier(new L.Linear(1, 2)));
  const iterator = new iterators.SerialIterator([[np.ones(1), 0]] as const, 1);
  const trainer = new training.Trainer(new training.StandardUpdater(iterator, optimizer), [1, 'epoch'], null);
  trainer.extend(new training.extensions.ExponentialShift('lr', 0.5));
  await expect(trainer.run()).rejects.toThrow(/AdaDelta: there is no hyperparameter 'lr'; there are rho, eps/);
});

test('numbers of shifts and hooks are numbers', () => {
  const { extensions } = training;
  const wrong = undefined as unknown as number;
  const makers: (() => unknown)[] = [
    () => new extensions.ExponentialShift('lr', wrong),
    () => new extensions.ExponentialShift('lr', 0.5, { init: Number.NaN }),
    () => new extensions.InverseShift('lr', 1, wrong),
    () => new extensions.LinearShift('lr', 0.1 as never, [0, 1]),
    () => new extensions.LinearShift('lr', [0, 1], [0, wrong]),
    () => new extensions.MultistepShift('lr', 0.1, 3 as never),
    () => new extensions.MultistepShift('lr', wrong, [3]),
    () => new extensions.PolynomialShift('lr', 1, wrong),
    () => new extensions.StepShift('lr', 0.1, wrong),
    () => new extensions.WarmupShift('lr', 0.1, wrong, 1),
    () => new optimizerHooks.WeightDecay(wrong),
    () => new optimizerHooks.Lasso('1' as never),
    () => new optimizerHooks.GradientClipping(Number.NaN),
    () => new optimizerHooks.GradientHardClipping(wrong, 1),
    () => new optimizerHooks.GradientNoise(wrong),
    () => new optimizerHooks.GradientLARS(Number.NaN),
    () => new optimizerHooks.WeightDecay(1, { timing: 'before' as never }),
  ];
  for (const [i, run] of makers.entries()) expect(run, String(i)).toThrow(ValueError);
  expect(() => new optimizerHooks.Lasso(1, { time: 'pre' } as never)).toThrow(
    /Lasso: no option 'time'; there are timing/,
  );
  expect(() => new extensions.StepShift('lr', 0.1, 1, { targt: 1 } as never)).toThrow(
    /StepShift: no option 'targt'.*target/,
  );
  expect(new optimizerHooks.GradientHardClipping(Number.NEGATIVE_INFINITY, 1).upperBound).toBe(1);
});

describe('arguments of update and setup', () => {
  const link = new L.Linear(1, 1);
  const optimizer = () => new optimizers.SGD(0.1).setup(link);
  const loss = () => F.sum(link(np.ones([1, 1])));

  it('is a function that returns a Variable at once', async () => {
    expect(() => optimizer().update((async () => loss()) as never)).toThrow(
      /SGD\.update: the loss function is asynchronous/,
    );
    const failing = async () => {
      throw new Error('late');
    };
    expect(() => optimizer().update(failing as never)).toThrow(ValueError);
    await new Promise((resolve) => setTimeout(resolve));
    expect(() => optimizer().update((() => {}) as never)).toThrow(
      /undefined, expected a Variable; is a return missing/,
    );
    expect(() => optimizer().update((() => 3) as never)).toThrow(ValueError);
    expect(() => optimizer().update((() => np.ones([])) as never)).toThrow(/NDArray, expected a Variable/);
    expect(() => optimizer().update(loss() as never)).toThrow(
      /expected a function that computes the loss, got a Variable/,
    );
    const before = optimizer();
    expect(before.t).toBe(0);
  });

  it('is a link', () => {
    for (const wrong of [undefined, {}, L.Linear, [link]])
      expect(() => new optimizers.SGD().setup(wrong as never)).toThrow(ValueError);
  });
});
