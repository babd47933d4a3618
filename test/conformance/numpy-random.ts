/**
 * The `numpy_random` group: streams of NumPy's legacy generator, and what Chainer makes of them. Each case quotes the
 * Python that made it; arguments are read from the quotation, so that other seeds, ranges and sizes run too.
 */
import { type initializers, np, Variable } from 'rensa';
import { compare, Mismatch, type Values } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { asVariable, call, construct } from './library.js';

interface RandomCase extends Case {
  readonly seed: number;
  readonly code: string;
  readonly outputs: readonly ArrayEntry[];
}

type Draw = (random: np.random.RandomState, ...args: number[]) => ArrayLike<number> | number;

/** The generator's own methods, by NumPy's names; a size that is a shape has been multiplied out. */
const DRAWS: Readonly<Record<string, Draw>> = {
  random_sample: (random, size = 1) => random.randomSample(size),
  uniform: (random, low, high, size = 1) => random.uniform(low, high, size),
  normal: (random, loc = 0, scale = 1, size = 1) => random.normal(loc, scale, size),
  permutation: (random, n) => random.permutation(n),
  randint: (random, low, high, size = 1) => random.randint(low, high ?? null, size),
};

const TIMES: Readonly<Record<string, number>> = { ten: 10 };

/** All that a line such as `normal(); then normal(1.0, 2.0, 6)` or `randint(2) ten times` draws. */
function drawAll(code: string, random: np.random.RandomState): number[] {
  return code.split(';').flatMap((statement) => {
    const match = /(\w+)\((.*)\)(?: (\w+) times)?/.exec(statement);
    const draw = match && DRAWS[match[1]];
    if (!draw) throw new Mismatch(`'${statement.trim()}' is not understood`);
    const product = (_: string, sizes: string) =>
      String(
        sizes
          .split(',')
          .filter(Boolean)
          .reduce((n, s) => n * Number(s), 1),
      );
    const args = match[2]
      .replace(/\(([\d, ]*)\)/g, product)
      .split(',')
      .filter(Boolean)
      .map(Number);
    const repeats = match[3] ? (TIMES[match[3]] ?? Number(match[3])) : 1;
    return Array.from({ length: repeats }, () => draw(random, ...args)).flatMap((drawn) =>
      typeof drawn === 'number' ? drawn : Array.from(drawn),
    );
  });
}

/** The parameter `W` of a link that has just been made. */
function weightOf(link: unknown): Values {
  if (typeof link === 'object' || typeof link === 'function') {
    const W: unknown = Object.entries(link ?? {}).find(([name]) => name === 'W')?.[1];
    if (W instanceof Variable) return valuesOf(W);
  }
  throw new Mismatch('the link has no parameter W');
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A list of integers as the reference has them: int32. */
function integers(shape: readonly number[], items: readonly unknown[]): Values {
  return { shape, dtype: 'int32', data: items.map(Number) };
}

/** Chainer's uses of the stream. `args` are the integers in the quotation, in order. */
const PROGRAMS: Readonly<Record<string, (args: number[], seed: number) => Values>> = {
  SerialIterator([n, batchSize]) {
    const iterator = construct('iterators.SerialIterator', range(n), batchSize) as Iterator<Iterable<unknown>>;
    const items = range(6).flatMap(() => [...iterator.next().value]);
    return integers([6, batchSize], items);
  },
  Linear: (args) => weightOf(construct('L.Linear', ...args)),
  Convolution2D: (args) => weightOf(construct('L.Convolution2D', ...args)),
  HeUniform(shape) {
    const array = np.zeros(shape);
    (construct('initializers.HeUniform') as initializers.Initializer).fill(array);
    return valuesOf(array);
  },
  // Chainer draws the mask from the legacy stream and devices draw from their own, so the test passes the stream's
  // mask.
  dropout(shape) {
    const ratio = 0.5;
    const mask = np.astype(np.greaterEqual(np.random.rand(...shape), ratio), 'float32').mul(1 / (1 - ratio));
    return valuesOf(asVariable('F.dropout', call('F.dropout', np.ones(shape), ratio, { mask })));
  },
  split_dataset_random([n, firstSize], seed) {
    const parts = call('datasets.splitDatasetRandom', range(n), firstSize, seed) as Iterable<{
      length: number;
      get(i: number): unknown;
    }>;
    return integers(
      [n],
      Array.from(parts).flatMap((part) => range(part.length).map((i) => part.get(i))),
    );
  },
};

/** Runs one case. */
export function runNumpyRandom(group: Group, testCase: Case): void {
  const { name, op, seed, code, outputs } = testCase as RandomCase;
  const want = group.host(name, outputs[0]);
  const tolerance = group.tolerance(testCase);
  const program = PROGRAMS[op];
  if (program) {
    np.random.seed(seed);
    const quoted = code.replace(/^numpy\.random\.seed\(seed\);/, '').replace(/^\s*\w*2D/, '');
    const args = Array.from(quoted.matchAll(/(?<![\w.])\d+(?![\w.])/g), Number);
    compare('y', program(args, seed), want, tolerance);
    return;
  }
  // Of several statements the manifest keeps the last draws, as many as y has elements.
  const drawn = drawAll(code, new np.random.RandomState(seed));
  const data = drawn.slice(drawn.length - want.data.length);
  compare('y', { shape: want.shape, dtype: want.dtype, data }, want, tolerance);
}
