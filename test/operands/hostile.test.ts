/**
 * Arguments that TypeScript would refuse, given to every public function, method and link. Each call gives a result or
 * an error of the library, never an error of the engine.
 */
import { describe, expect, it } from 'vitest';
import { F, L, Link, NDArray, np, scope, Variable } from '../../src/index.js';
import { isMeant } from '../support/engine-words.js';

const HOSTILE: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a string', () => 'abc'],
  ['{}', () => ({})],
  ['[]', () => []],
  ['NaN', () => Number.NaN],
  ['-1', () => -1],
  ['0.5', () => 0.5],
  ['a function', () => () => 1],
  ['a symbol', () => Symbol('s')],
  ['a promise', () => Promise.resolve(1)],
  ['a date', () => new Date(0)],
  ['a map', () => new Map([[1, 2]])],
  ['a bigint', () => 7n],
  ['nested nonsense', () => [[1, [2]], 'a']],
  ['a class', () => F.ReLU],
];

type Call = (...args: unknown[]) => unknown;

/** What a call did: null, or the engine's words. */
function engineWords(call: () => unknown): string | null {
  try {
    scope(null, () => {
      const made = call();
      // An asynchronous call rejects on its own.
      if (made instanceof Promise) made.catch(() => {});
    });
    return null;
  } catch (error) {
    if (isMeant(error)) return null;
    return error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
  }
}

/** The calls of a function with one hostile argument, at each of the first places, behind good ones. */
function failuresOf(call: Call, good: () => unknown[]): string[] {
  const failures: string[] = [];
  for (const [name, make] of HOSTILE) {
    for (let place = 0; place <= 4; place++) {
      const args = good().slice(0, place);
      while (args.length < place) args.push(undefined);
      const words = engineWords(() => call(...args, make()));
      if (words !== null) failures.push(`argument ${place} is ${name}: ${words}`);
    }
  }
  return failures;
}

const array = () =>
  np.array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
const image = () => np.ones([1, 2, 4, 4]);

/** Good arguments, by which more of a function is reached. */
const GOOD: readonly (readonly [string, () => unknown[]])[] = [
  ['matrices', () => [array(), array(), array(), array()]],
  ['images and sizes', () => [image(), np.ones([2, 2, 2, 2]), np.ones([2]), 1]],
  ['an image and numbers', () => [image(), 2, 2, 1]],
  ['labels', () => [array(), np.array([0, 1], 'int32'), 1, 1]],
  ['lists', () => [[array(), array()], 0, 1]],
];

const functionsIn = (namespace: object): [string, Call][] =>
  Object.entries(namespace).filter(
    (entry): entry is [string, Call] =>
      typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]) && entry[0] !== 'memory',
  );

function expectWords(call: Call): void {
  const failures = GOOD.flatMap(([kind, good]) => failuresOf(call, good).map((failure) => `${kind}: ${failure}`));
  expect(failures).toEqual([]);
}

describe('np', () => {
  it.each(functionsIn(np))('np.%s', (_, call) => expectWords(call));
  // It draws for functions, which have checked what they pass on.
  const random = functionsIn(np.random).filter(([name]) => name !== 'drawOnDevice');
  it.each(random)('np.random.%s', (_, call) => expectWords(call));
});

describe('F', () => {
  it.each(functionsIn(F).filter(([name]) => name !== 'forget'))('F.%s', (_, call) => expectWords(call));
});

const methodsOf = (prototype: object): string[] =>
  Object.getOwnPropertyNames(prototype).filter(
    (name) => name !== 'constructor' && typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function',
  );

/** Methods of one argument less: the first is the object itself. */
const shifted =
  (name: string, make: (x: NDArray) => object): Call =>
  (first, ...rest) => {
    const target = make(first instanceof NDArray ? first : array());
    const method: unknown = Reflect.get(target, name);
    return typeof method === 'function' ? Reflect.apply(method, target, rest) : null;
  };

describe('methods', () => {
  it.each(methodsOf(NDArray.prototype))('NDArray.%s', (name) => expectWords(shifted(name, (x) => x)));
  it.each(methodsOf(Variable.prototype))('Variable.%s', (name) => expectWords(shifted(name, (x) => new Variable(x))));
});

type LinkClass = new (...args: unknown[]) => Link;

const linkClasses = Object.entries<unknown>(L).filter((entry): entry is [string, LinkClass] => {
  const [name, value] = entry;
  // Networks trained on ImageNet are large, and made without arguments.
  return typeof value === 'function' && value.prototype instanceof Link && !/Layers|GoogLeNet|Caffe/.test(name);
});

/** Calls a link with whatever there is. */
const call = (link: unknown, args: readonly unknown[]): unknown => (link as Call)(...args);

/** Links that can be called, with what they are called with. */
const LINKS: readonly (readonly [string, () => Link, () => unknown[]])[] = [
  ['Linear', () => new L.Linear(3, 2), () => [array()]],
  ['Linear without sizes', () => new L.Linear(null, 2), () => [array()]],
  ['Convolution2D', () => new L.Convolution2D(2, 3, 3), () => [image()]],
  ['Convolution2D without channels', () => new L.Convolution2D(null, 3, 3), () => [image()]],
  ['Convolution1D', () => new L.Convolution1D(2, 3, 3), () => [np.ones([1, 2, 4])]],
  ['Convolution3D', () => new L.Convolution3D(2, 3, 1), () => [np.ones([1, 2, 2, 2, 2])]],
  ['ConvolutionND', () => new L.ConvolutionND(2, 2, 3, 3), () => [image()]],
  ['Deconvolution1D', () => new L.Deconvolution1D(2, 3, 3), () => [np.ones([1, 2, 4])]],
  ['Deconvolution2D', () => new L.Deconvolution2D(2, 3, 3), () => [image()]],
  ['Deconvolution3D', () => new L.Deconvolution3D(2, 3, 1), () => [np.ones([1, 2, 2, 2, 2])]],
  ['DeconvolutionND', () => new L.DeconvolutionND(2, 2, 3, 3), () => [image()]],
  ['DeformableConvolution2D', () => new L.DeformableConvolution2D(2, 3, 3), () => [image()]],
  ['DepthwiseConvolution2D', () => new L.DepthwiseConvolution2D(null, 2, 3), () => [image()]],
  ['DilatedConvolution2D', () => new L.DilatedConvolution2D(2, 3, 1), () => [image()]],
  ['LocalConvolution2D', () => new L.LocalConvolution2D(null, 2, null, 3), () => [image()]],
  ['MLPConvolution2D', () => new L.MLPConvolution2D(2, [3, 3], 1), () => [image()]],
  ['Inception', () => new L.Inception(2, 1, 1, 1, 1, 1, 1), () => [image()]],
  ['InceptionBN', () => new L.InceptionBN(2, 0, 1, 1, 1, 1, 'max'), () => [image()]],
  ['EmbedID', () => new L.EmbedID(3, 2), () => [np.array([0, 1], 'int32')]],
  ['Bias', () => new L.Bias(1, [3]), () => [array()]],
  ['Scale', () => new L.Scale(1, [3]), () => [array()]],
  ['Bilinear', () => new L.Bilinear(3, 3, 2), () => [array(), array()]],
  ['Highway', () => new L.Highway(3), () => [array()]],
  ['Maxout', () => new L.Maxout(3, 2, 2), () => [array()]],
  ['PReLU', () => new L.PReLU(), () => [array()]],
  ['Swish', () => new L.Swish(null), () => [array()]],
  ['SimplifiedDropconnect', () => new L.SimplifiedDropconnect(null, 2), () => [array()]],
  ['BatchNormalization', () => new L.BatchNormalization(3), () => [array()]],
  ['BatchNormalization without sizes', () => new L.BatchNormalization(), () => [array()]],
  ['BatchRenormalization', () => new L.BatchRenormalization(3), () => [array()]],
  ['GroupNormalization', () => new L.GroupNormalization(1), () => [array()]],
  ['LayerNormalization', () => new L.LayerNormalization(), () => [array()]],
  ['Parameter', () => new L.Parameter(array()), () => []],
  ['Classifier', () => new L.Classifier(new L.Linear(3, 2)), () => [array(), np.array([0, 1], 'int32')]],
];

describe('links', () => {
  it.each(linkClasses)('new L.%s', (_, Class) => {
    const make: Call = (...args) => new Class(...args);
    const failures = [
      ...failuresOf(make, () => [3, 2, 1, 1]),
      ...failuresOf(make, () => [null, 2, 1, 1]),
      ...failuresOf(make, () => [1, 2, 3, 4, 5]),
    ];
    expect(failures).toEqual([]);
  });

  it.each(LINKS)('L.%s called', (_, make, good) => {
    expect(failuresOf((...args) => call(make(), args), good)).toEqual([]);
    expect(engineWords(() => call(make(), good()))).toBeNull();
  });

  it('every link is called here', () => {
    const called = new Set(LINKS.map(([name]) => name.split(' ')[0]));
    expect(linkClasses.map(([name]) => name).filter((name) => !called.has(name))).toEqual([]);
  });
});

describe('layers of functions', () => {
  const layers = Object.entries(F).filter(([name]) => /^[A-Z]/.test(name) && name !== 'FunctionLayer');
  it.each(layers)('F.%s', (_, layer) => {
    const make = layer as Call;
    expect(
      failuresOf(
        (x, ...args) => (make(...args) as Call)(x),
        () => [image(), 2, 1, 0],
      ),
    ).toEqual([]);
  });
});
