/** Arguments of random calls as plain data, and the values they become: arrays, numbers, lists, and invalid values. */
import fc from 'fast-check';
import { F, NDArray, np, Variable } from '../../src/index.js';
import type { DType } from '../../src/ndarray/dtype.js';
import type { Content } from './graph-case.js';
import { valuesOf } from './graph-model.js';
import { hostileFloat, length, sometimes } from './hostile-values.js';

/** One argument. */
export type Argument =
  | {
      readonly kind: 'array' | 'variable';
      readonly dtype: DType;
      readonly shape: readonly number[];
      readonly content: Content;
    }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'list'; readonly values: readonly Argument[] }
  | { readonly kind: 'options'; readonly entries: readonly (readonly [string, Argument])[] }
  | { readonly kind: 'strange'; readonly name: keyof typeof STRANGE };

/** What a getter of an argument throws: the caller's own error, which may come back to the caller. */
export class CallersError extends Error {
  override name = 'CallersError';
}

const throwing = (): never => {
  throw new CallersError("thrown by the caller's own code");
};

/** A list that contains itself. */
function cyclic(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

/** A list of lists, so deep that a function that calls itself for each comes to the end of the stack. */
function deep(): unknown[] {
  let list: unknown[] = [1];
  for (let k = 0; k < 20_000; k++) list = [list];
  return list;
}

/** A typed array whose memory was given away. */
function detached(): Float32Array {
  const data = Float32Array.of(1, 2, 3, 4);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  return data;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([1, 2], {});
  revoke();
  return proxy;
}

function freed(): NDArray {
  const array = np.ones([2, 3]);
  array.dispose();
  return array;
}

/** Values of JavaScript that no parameter asks for. */
const STRANGE = {
  undefined: () => undefined,
  null: () => null,
  'an object': () => ({}),
  'a list': () => [],
  'a function': () => () => 1,
  'a class': () => NDArray,
  'a layer': () => new F.ReLU(),
  'a symbol': () => Symbol('s'),
  'a bigint': () => 7n,
  'a huge bigint': () => 2n ** 80n,
  'a promise': () => Promise.resolve(1),
  'a date': () => new Date(0),
  'a map': () => new Map([[1, 2]]),
  'a set': () => new Set([0, 1]),
  'a regular expression': () => /x/,
  'a proxy of an array': () => new Proxy(np.ones([2, 3]), {}),
  'a proxy that throws': () =>
    new Proxy([1, 2, 3], { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
  'a revoked proxy': revoked,
  'a getter that throws': () => Object.defineProperty([1, 2], 1, { get: throwing, enumerable: true }),
  'options that throw': () => Object.defineProperty({}, 'axis', { get: throwing, enumerable: true }),
  'a value that throws': () => ({ valueOf: throwing, toString: throwing, [Symbol.toPrimitive]: throwing }),
  'an iterator that throws': () => ({ [Symbol.iterator]: throwing }),
  'a length without end': () => ({ length: 2 ** 53 }),
  'a negative length': () => ({ length: -1, 0: 1 }),
  'a frozen list': () => Object.freeze([1, 2]),
  'a sparse list': () => new Array(4),
  'a very sparse list': () => new Array(2 ** 32 - 1),
  'a cyclic list': cyclic,
  'a deep list': deep,
  'a ragged list': () => [[1, [2]], 'a'],
  'a detached array': detached,
  'a shared array': () => new Float32Array(new SharedArrayBuffer(16)),
  'a freed array': freed,
  'a boxed number': () => Object(3) as unknown,
  'an object without prototype': () => Object.create(null) as unknown,
  __proto__: () => JSON.parse('{"__proto__": {"axis": 1}, "constructor": 1}') as unknown,
  'signed bytes': () => Int8Array.of(1, -1),
  'short integers': () => Uint16Array.of(1, 65_535),
  'large integers': () => BigInt64Array.of(1n, 2n ** 62n),
  doubles: () => Float64Array.of(0.1, Number.NaN),
  'a view of bytes': () => new DataView(new ArrayBuffer(8)),
  'a buffer': () => new ArrayBuffer(8),
} satisfies Record<string, () => unknown>;

const STRANGE_NAMES = Object.keys(STRANGE) as (keyof typeof STRANGE)[];

/** The argument itself, made in this process. */
export function made(argument: Argument): unknown {
  switch (argument.kind) {
    case 'array':
    case 'variable': {
      const { dtype, shape, content } = argument;
      const size = shape.reduce((a, b) => a * b, 1);
      const numbers = valuesOf(content, size);
      const isWhole = dtype === 'int32' || dtype === 'uint8';
      const values = isWhole
        ? numbers.map((v) => (Number.isFinite(v) ? Math.min(Math.max(Math.trunc(v), 0), 127) : 0))
        : numbers;
      const array = np.array(dtype === 'bool' ? values.map((v) => v > 0) : values, dtype).reshape(shape);
      return argument.kind === 'array' ? array : new Variable(array);
    }
    case 'list':
      return argument.values.map(made);
    case 'options':
      return Object.fromEntries(argument.entries.map(([name, value]) => [name, made(value)]));
    case 'strange':
      return STRANGE[argument.name]();
    default:
      return argument.value;
  }
}

/**
 * Whole numbers that are small, or that no memory holds. Those between are sizes that a caller may ask for, and that take the time and
 * the memory that they take.
 */
const INTEGERS = [
  0,
  -1,
  1,
  2,
  3,
  -2,
  4,
  5,
  7,
  300,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 33,
  2 ** 53,
  -(2 ** 53),
];

const number: fc.Arbitrary<Argument> = fc
  .oneof(
    { arbitrary: fc.integer({ min: -2, max: 4 }), weight: 6 },
    { arbitrary: fc.constantFrom(...INTEGERS), weight: 2 },
    { arbitrary: hostileFloat, weight: 1 },
  )
  .map((value) => ({ kind: 'number', value }));

const dtype = sometimes(fc.constant<DType>('float32'), fc.constantFrom<DType>('int32', 'uint8', 'bool', 'float64'), 4);
const content = fc.constantFrom<Content>('counting', 'counting', 'counting', 'ones', 'zeros', 'hostile');

/** An array or a variable of a drawn shape. */
const arrayOf = (shape: fc.Arbitrary<readonly number[]>, dtypes: fc.Arbitrary<DType> = dtype): fc.Arbitrary<Argument> =>
  fc.record({ kind: fc.constantFrom('array', 'array', 'variable'), dtype: dtypes, shape, content });

const anyArray = arrayOf(fc.array(length, { maxLength: 5 }));

const strange: fc.Arbitrary<Argument> = fc.constantFrom(...STRANGE_NAMES).map((name) => ({ kind: 'strange', name }));

const TEXTS = [
  'float32',
  'int32',
  'bool',
  'uint8',
  'float64',
  'mean',
  'sum',
  'no',
  'same',
  'constant',
  'reflect',
  'edge',
  'max',
  'xyz',
  '',
  '__proto__',
  'constructor',
  '\u0000',
];
const text: fc.Arbitrary<Argument> = fc.constantFrom(...TEXTS).map((value) => ({ kind: 'text', value }));
const flag: fc.Arbitrary<Argument> = fc.boolean().map((value) => ({ kind: 'flag', value }));

/** A list of numbers: shapes, axes, strides, pads. */
const numbers: fc.Arbitrary<Argument> = fc.array(number, { maxLength: 5 }).map((values) => ({ kind: 'list', values }));

/** Names of options that functions and links take. */
const OPTIONS = [
  ...[
    'axis',
    'axes',
    'keepdims',
    'dtype',
    'device',
    'eps',
    'decay',
    'nobias',
    'initialW',
    'initialBias',
    'dilate',
    'groups',
  ],
  ...[
    'coverAll',
    'outsize',
    'reduce',
    'normalize',
    'train',
    'size',
    'ratio',
    'beta',
    'gamma',
    'alpha',
    'bias',
    'transA',
  ],
  ...[
    'transB',
    'ignoreLabel',
    'classWeight',
    'mask',
    'returnMask',
    'returnIndices',
    'mode',
    'constantValues',
    'useBeta',
    'useGamma',
  ],
  ...['finetune', 'lowerOutputNan', 'stride', 'pad', 'ksize', 'n', 'k', 'constructor', 'nonsense'],
];

const simple: fc.Arbitrary<Argument> = fc.oneof(
  { arbitrary: number, weight: 4 },
  { arbitrary: numbers, weight: 4 },
  { arbitrary: anyArray, weight: 3 },
  { arbitrary: flag, weight: 1 },
  { arbitrary: text, weight: 1 },
  { arbitrary: strange, weight: 2 },
);

const options: fc.Arbitrary<Argument> = fc
  .array(fc.tuple(fc.constantFrom(...OPTIONS), simple), { minLength: 1, maxLength: 3 })
  .map((entries) => ({ kind: 'options', entries }));

const lists: fc.Arbitrary<Argument> = fc.array(simple, { maxLength: 4 }).map((values) => ({ kind: 'list', values }));

/** Any argument at all. */
const argument: fc.Arbitrary<Argument> = fc.oneof(
  { arbitrary: simple, weight: 6 },
  { arbitrary: options, weight: 1 },
  { arbitrary: lists, weight: 1 },
);

/** Arguments that many functions accept, so that cases reach more of their code. */
const like = (...shape: number[]) => arrayOf(fc.constant(shape), fc.constant('float32'));
const labels = fc.constant<Argument>({ kind: 'array', dtype: 'int32', shape: [2], content: [0, 1] });
const small = fc.integer({ min: 0, max: 3 }).map((value): Argument => ({ kind: 'number', value }));

const HONEST: readonly (readonly fc.Arbitrary<Argument>[])[] = [
  [like(2, 3), like(2, 3), like(2, 3), like(3)],
  [like(1, 2, 4, 4), like(2, 2, 2, 2), like(2), small, small],
  [like(1, 2, 4, 4), small, small, small, small],
  [like(2, 3, 6, 6), like(3), like(3), like(3), like(3)],
  [like(2, 3), labels, small, small],
  [like(2, 3), numbers, small, small],
  [like(2, 3), small, small, flag],
  [numbers, small, small],
  [small, small, small, small, small],
  [fc.tuple(like(2, 3), like(2, 3)).map((values): Argument => ({ kind: 'list', values })), small, flag],
];

/** Arguments of a call: a row of honest ones, of which some are exchanged, left out, or followed by others. */
export const callArguments: fc.Arbitrary<readonly Argument[]> = fc.oneof(
  {
    arbitrary: fc
      .constantFrom(...HONEST)
      .chain((row) =>
        fc
          .tuple(
            fc.tuple(...row.map((honest) => sometimes(honest, argument, 4))),
            fc.nat({ max: row.length }),
            fc.option(fc.oneof(options, argument), { freq: 2 }),
          )
          .map(([all, count, last]) => [...all.slice(0, Math.max(1, count)), ...(last ? [last] : [])]),
      ),
    weight: 3,
  },
  { arbitrary: fc.array(argument, { maxLength: 5 }), weight: 1 },
);
