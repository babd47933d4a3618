/**
 * Arrays, variables and links of another copy of the package, given to every public function, method and link. Each
 * call gives the result for this copy's arrays with the same numbers (the oracle), or an error.
 */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import * as rensa from '../../src/index.js';
import { F, L, type Link, NDArray, np, scope, Variable } from '../../src/index.js';
import { isMeant } from '../support/engine-words.js';

let other: typeof rensa;
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.resetModules();
  other = await import('../../src/index.js');
  expect(other.NDArray).not.toBe(NDArray);
});

const NAMED = /of another copy of rensa \(version \d+\.\d+\.\d+; load one copy only: npm dedupe\)/;

type Call = (...args: unknown[]) => unknown;

/** A result as plain values: arrays with their dtypes and numbers. */
function plain(value: unknown, depth = 0): unknown {
  if (value instanceof Variable) return plain(value.array);
  if (value instanceof NDArray) return [value.dtype, value.shape, Array.from(value.dataSync())];
  if (value instanceof other.NDArray || value instanceof other.Variable) return 'a value of the other copy';
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  return typeof value === 'number' || typeof value === 'boolean' ? value : typeof value;
}

/** What a call gave, or the error that it threw. */
function outcome(call: () => unknown): { readonly value?: unknown; readonly error?: Error } {
  np.random.seed(0);
  try {
    return { value: scope(null, () => plain(call())) };
  } catch (error) {
    return { error: error as Error };
  }
}

/** The same arguments with those of one place, or of all, made by the other copy. */
function inOtherCopy(value: unknown): unknown {
  if (value instanceof Variable) return new other.Variable(inOtherCopy(value.array) as rensa.NDArray);
  if (value instanceof NDArray) return other.np.array(value.tolist(), value.dtype);
  return Array.isArray(value) ? value.map(inOtherCopy) : value;
}

const hasArrays = (value: unknown): boolean =>
  value instanceof NDArray || value instanceof Variable || (Array.isArray(value) && value.some(hasArrays));

/** What differs from the same call with arrays of this copy. */
function differences(call: Call, good: () => unknown[]): string[] {
  const found: string[] = [];
  for (let place = 0; place < good().length; place++) {
    if (!hasArrays(good()[place])) continue;
    const wanted = outcome(() => call(...good()));
    const got = outcome(() => call(...good().map((arg, k) => (k === place ? inOtherCopy(arg) : arg))));
    if (got.error) {
      const { error } = got;
      // Where it fails anyhow, it need not name the copy.
      if (!isMeant(error) || !(wanted.error || NAMED.test(error.message))) found.push(`${place}: ${error}`);
    } else if (wanted.error) found.push(`${place}: accepted, but not from this copy: ${wanted.error}`);
    else {
      const [a, b] = [JSON.stringify(wanted.value), JSON.stringify(got.value)];
      if (a !== b) found.push(`${place}: ${b?.slice(0, 200)} instead of ${a?.slice(0, 200)}`);
    }
  }
  return found;
}

const array = () =>
  np.array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
const image = () => np.ones([1, 2, 4, 4]);
const labels = () => np.array([0, 1], 'int32');

const GOOD: readonly (() => unknown[])[] = [
  () => [array()],
  () => [array(), array()],
  () => [array(), array(), array()],
  () => [array(), 1],
  () => [array(), array(), 1],
  () => [array(), labels()],
  () => [labels(), array()],
  () => [array(), labels(), 1],
  () => [array(), labels(), array()],
  () => [[array(), array()], 0],
  () => [image(), np.ones([2, 2, 2, 2])],
  () => [image(), np.ones([2, 2, 2, 2]), np.ones([2])],
  () => [image(), 2, 2],
  () => [np.array([true, false]), np.array([1, 2]), np.array([3, 4])],
  () => [np.array([1, 2]), np.array([1, 2])],
  // Numbers of lists take the dtype of the array beside them.
  () => [np.array([1, 2], 'float64'), [0.1, 0.2]],
  () => [[0.1, 0.2], np.array([1, 2], 'float64')],
  () => [[np.array([1, 2], 'float64'), [0.1, 0.2]], 0],
  () => [np.array([1, 2], 'int32'), [3, 4]],
  () => [np.array([true, false]), [0.1, 0.2], np.array([1, 2], 'float64')],
];

const functionsIn = (namespace: object): [string, Call][] =>
  Object.entries(namespace).filter(
    (entry): entry is [string, Call] => typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]),
  );

const expectSame = (call: Call, goods = GOOD) =>
  expect(goods.flatMap((good) => differences(call, good)).join('\n')).toBe('');

describe('arrays of another copy are copied', () => {
  it.each(functionsIn(np).filter(([name]) => !/^empty/.test(name)))('np.%s', (_, call) => expectSame(call));
  it.each(functionsIn(np.random).filter(([name]) => name !== 'drawOnDevice'))('np.random.%s', (_, call) =>
    expectSame(call),
  );
  it.each(functionsIn(F).filter(([name]) => name !== 'forget'))('F.%s', (_, call) => expectSame(call));

  const methodsOf = (prototype: object) =>
    Object.getOwnPropertyNames(prototype).filter(
      (name) => name !== 'constructor' && typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function',
    );
  const method =
    (name: string, make: (x: NDArray) => object): Call =>
    (...args) => {
      const target = make(array());
      return [Reflect.apply(Reflect.get(target, name), target, args), target];
    };
  it.each(methodsOf(NDArray.prototype).filter((name) => !/dispose/.test(name)))('NDArray.%s', (name) =>
    expectSame(method(name, (x) => x)),
  );
  it.each(methodsOf(Variable.prototype))('Variable.%s', (name) => expectSame(method(name, (x) => new Variable(x))));

  it.each(['float32', 'float64', 'int32', 'uint8', 'bool'] as const)('of %s, with their dtype', (dtype) => {
    const numbers = [[1, 0, 1], [0, 1, 1]]; // biome-ignore format: a matrix
    const copied = np.array(other.np.array(numbers, dtype));
    expect(plain(copied)).toEqual([dtype, [2, 3], numbers.flat()]);
    expect(copied).toBeInstanceOf(NDArray);
  });

  it('in lists, in variables and in their fields', () => {
    const b = other.np.array([1, 2]);
    expect(np.stack([np.zeros([2]), b]).tolist()).toEqual([[0, 0], [1, 2]]); // biome-ignore format: a matrix
    expect(np.array([[3, 4], b]).tolist()).toEqual([[3, 4], [1, 2]]); // biome-ignore format: a matrix
    expect(np.array(new other.Variable(b)).tolist()).toEqual([1, 2]);
    expect(new Variable(b).array).toBeInstanceOf(NDArray);
    expect(new rensa.Parameter(b).array.tolist()).toEqual([1, 2]);
    expect(new L.Linear(2, 1, { initialW: other.np.array([[5, 6]]) }).W.array.tolist()).toEqual([[5, 6]]);
    expect(new L.Parameter(b)().array.tolist()).toEqual([1, 2]);
  });

  it('with one warning', () => {
    const said = vi.mocked(console.warn).mock.calls.map(([message]) => String(message));
    np.array(other.np.ones([1]));
    expect(said.filter((message) => NAMED.test(message))).toHaveLength(1);
  });

  it('but one that was freed is refused', () => {
    const b = other.np.ones([2]);
    b.dispose();
    expect(() => np.array(b)).toThrow(/use after free/);
  });

  it('but one of a GPU is refused: reading it would wait', () => {
    const b = other.np.ones([2]);
    const onGpu = Object.create(b, { device: { value: { name: 'webgl' } } });
    for (const call of [() => np.array(onGpu), () => F.relu(onGpu), () => new Variable(onGpu)]) {
      expect(call).toThrow(NAMED);
      expect(call).toThrow('await x.data()');
    }
  });
});

const LINKS: readonly (readonly [string, () => Link, () => unknown[]])[] = [
  ['Linear', () => new L.Linear(3, 2), () => [array()]],
  ['Linear without sizes', () => new L.Linear(null, 2), () => [array()]],
  ['Convolution2D', () => new L.Convolution2D(2, 3, 3), () => [image()]],
  ['Deconvolution2D', () => new L.Deconvolution2D(2, 3, 3), () => [image()]],
  ['EmbedID', () => new L.EmbedID(3, 2), () => [labels()]],
  ['BatchNormalization', () => new L.BatchNormalization(3), () => [array()]],
  ['LayerNormalization', () => new L.LayerNormalization(), () => [array()]],
  ['Classifier', () => new L.Classifier(new L.Linear(3, 2)), () => [array(), labels()]],
  ['Sequential', () => new rensa.Sequential(new L.Linear(3, 2), F.relu), () => [array()]],
];

describe('links', () => {
  it.each(LINKS)('L.%s called with arrays of another copy', (_, make, good) => {
    expectSame((...args) => (make() as unknown as Call)(...args), [good]);
  });
});

describe('values that cannot be copied are refused by name', () => {
  const foreign: readonly (readonly [string, () => unknown])[] = [
    ['a variable', () => new other.Variable(other.np.ones([2, 3]))],
    ['a parameter', () => new other.Parameter(0, [2, 3])],
    ['a link', () => new other.L.Linear(3, 2)],
    ['an optimizer', () => new other.optimizers.SGD()],
  ];

  it.each(foreign)('%s as an operand: no gradient would flow', (_, make) => {
    for (const call of [
      () => F.relu(make() as Variable),
      () => F.add(new Variable(array()), make() as Variable),
      () => new Variable(array()).add(make() as Variable),
      () => new L.Linear(3, 2)(make() as Variable),
      () => np.add(array(), make() as NDArray),
      () => rensa.asVariable(make() as Variable),
    ])
      expect(call).toThrow(NAMED);
  });

  class Net extends rensa.Chain {
    fc: unknown;
    constructor(fc: unknown) {
      super();
      this.fc = fc;
    }
    override forward(x: rensa.VariableLike) {
      return (this.fc as L.Linear)(x);
    }
  }

  it.each(foreign)('%s in a field, a list or a record of a link', (_, make) => {
    for (const held of [make(), [make()], { layer: [make()] }, new Map([['a', make()]])]) {
      const net = new Net(held);
      expect(() => [...net.params()]).toThrow(NAMED);
      expect(() => rensa.serializers.toNpz(net)).toThrow(NAMED);
      expect(() => new rensa.optimizers.SGD().setup(net)).toThrow(NAMED);
    }
  });

  it('a link where a link is wanted', () => {
    const link = new other.L.Linear(3, 2) as unknown as L.Linear;
    for (const call of [
      () => new rensa.optimizers.Adam().setup(link),
      () => new rensa.Sequential(link),
      () => new rensa.ChainList(link as never),
      () => [...new L.Classifier(link).params()],
      () => new L.Linear(3, 2).copyparams(link),
      () => new L.Linear(3, 2).addgrads(link),
      () => rensa.compile(link, [array()]),
      () => new rensa.training.extensions.Evaluator(new rensa.iterators.SerialIterator([1], 1), link),
    ])
      expect(call).toThrow(NAMED);
  });

  it('a loss of another copy', () => {
    const model = new L.Linear(3, 1);
    const optimizer = new rensa.optimizers.SGD().setup(model);
    const loss = () => other.F.sum(new other.L.Linear(3, 1)(other.np.ones([1, 3]))) as unknown as Variable;
    expect(() => optimizer.update(loss)).toThrow(NAMED);
    const param = [...model.params()][0];
    expect(() => {
      param.grad = other.np.ones(param.shape) as unknown as NDArray;
    }).toThrow(NAMED);
  });

  it('optimizers and iterators of another copy', () => {
    const optimizer = new other.optimizers.SGD().setup(new other.L.Linear(3, 1));
    const iterator = new rensa.iterators.SerialIterator([1], 1);
    expect(() => new rensa.training.StandardUpdater(iterator, optimizer as never)).toThrow(NAMED);
  });
});

describe('reading arrays works across copies', () => {
  it('initializers', () => {
    const { initializers } = other;
    for (const initializer of [
      new initializers.Constant(3),
      new initializers.Normal(0.1),
      new initializers.Orthogonal(),
    ]) {
      let values: readonly number[] = [];
      const { error } = outcome(() => {
        values = [...new L.Linear(3, 2, { initialW: initializer as never }).W.array.dataSync()];
      });
      if (error) expect(error.message).toMatch(NAMED);
      else expect(values.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    }
  });

  it('datasets and iterators', () => {
    const x = other.np.array([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    const dataset = new other.datasets.TupleDataset(x, other.np.array([0, 1], 'int32'));
    const [xs, ts] = rensa.datasets.concatExamples([...Array(2).keys()].map((i) => dataset.get(i) as never)) as never[];
    expect(plain(xs)).toEqual(['float32', [2, 2], [1, 2, 3, 4]]);
    expect(plain(ts)).toEqual(['int32', [2], [0, 1]]);
    const rows = new rensa.datasets.TupleDataset(x as unknown as NDArray, [5, 6]);
    expect(plain(rows.get(1))).toEqual([['float32', [2], [3, 4]], 6]);
  });

  it('files and states', async () => {
    np.random.seed(1);
    const [ours, theirs] = [new L.BatchNormalization(2), new other.L.BatchNormalization(2)];
    theirs(other.np.array([[1, 2], [5, 9]])); // biome-ignore format: a matrix
    const wanted = Object.entries(theirs.stateDict()).map(([name, x]) => [name, x.tolist()]);
    ours.loadStateDict(theirs.stateDict() as never);
    expect(Object.entries(ours.stateDict()).map(([name, x]) => [name, x.tolist()])).toEqual(wanted);
    // The serializer of one copy visits the link of another.
    const target = new rensa.serializers.DictionarySerializer();
    theirs.serialize(target as never);
    const read = new L.BatchNormalization(2);
    read.serialize(new rensa.serializers.DictionaryDeserializer(target.target));
    expect(Object.entries(read.stateDict()).map(([name, x]) => [name, x.tolist()])).toEqual(wanted);
    const back = new other.L.BatchNormalization(2);
    expect(() => back.serialize(new rensa.serializers.DictionaryDeserializer(target.target) as never)).toThrow(NAMED);
  });

  it('reported values', () => {
    const reporter = new rensa.Reporter();
    const observation: rensa.Observation = {};
    reporter.scope(observation, () => {
      rensa.report({ loss: other.np.array(2) as unknown as NDArray });
      rensa.report({ error: new other.Variable(other.np.array(3)) as unknown as Variable });
    });
    expect(Object.entries(observation).map(([name, value]) => [name, plain(value)])).toEqual([
      ['loss', ['float32', [], [2]]],
      ['error', ['float32', [], [3]]],
    ]);
  });
});

it('the version is that of the package', async () => {
  const { COPY } = await import('../../src/copies.js');
  const { default: manifest } = await import('../../package.json');
  expect(COPY.version).toBe(manifest.version);
});
