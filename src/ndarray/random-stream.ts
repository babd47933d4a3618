/**
 * A stream of NumPy's legacy random numbers on the host: a seed gives the numbers of NumPy and Chainer on every machine. The class has
 * the draws that the library itself uses; `random-state.ts` adds the rest of `numpy.random.RandomState`.
 *
 * All draws are bit-exact, except for the last place of normal numbers, where `Math.log` may round unlike C's.
 */
import { GraphError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { type DType, hostArray, type TypedArray } from './dtype.js';
import { fillGauss, fillUniform } from './fill-random.js';
import { MT19937, STATE_SIZE } from './mt19937.js';
import { isRecording } from './recording.js';
import { checkSize } from './shape.js';

/** The seed of a stream: an unsigned 32-bit integer, several of them, or null for entropy. */
export type Seed = number | ArrayLike<number> | null;

/** The whole state of a stream, as `RandomState.get_state` gives it. */
export interface RandomStateSnapshot {
  /** 624 words. */
  readonly key: Uint32Array;
  /** The number of words that have been drawn, 0 to 624. */
  readonly position: number;
  /** The second value of the last pair of `normal`, if it has not been drawn yet. */
  readonly gauss: number | null;
}

/** A list that can be shuffled in place: an array or a typed array. */
export interface MutableList<T> {
  readonly length: number;
  [index: number]: T;
}

/** @throws GraphError during a recording: each run of the graph would have the numbers drawn now. */
function refuseWhileRecording(): void {
  if (!isRecording()) return;
  throw new GraphError(
    'compile: the function draws numbers with np.random or a RandomState, and each run would have the same numbers: ' +
      'draw before the call and pass the numbers as an input, or use F.gaussian or F.dropout, whose draws are new at each run; ' +
      'make links outside the function, and call a model once before compiling if it makes links at its first call',
  );
}

const INT32_MIN = -(2 ** 31);
const WORDS = 2 ** 32;

/**
 * A stream of pseudo-random numbers. Without a seed it takes entropy at its first draw, because some runtimes forbid that while
 * modules load.
 */
export class RandomStream {
  readonly #generator = new MT19937();
  #seeded = false;
  #gauss: number | null = null;

  /** @throws ValueError for seeds that are not integers from 0 to 2³²−1. */
  constructor(seed: Seed = null) {
    this.seed(seed);
  }

  /** Starts the stream again; null forgets the seed. */
  seed(seed: Seed = null): void {
    if (seed !== null) refuseWhileRecording();
    this.#gauss = null;
    this.#seeded = seed !== null;
    if (seed === null) return;
    if (typeof seed === 'number') {
      checkSeed(seed);
      this.#generator.seed(seed);
    } else {
      if (seed.length === 0) throw new ValueError('RandomState: an empty list is not a seed');
      for (let i = 0; i < seed.length; i++) checkSeed(seed[i]);
      this.#generator.seedByArray(seed);
    }
  }

  /** The current state, from which {@link setState} can continue. */
  getState(): RandomStateSnapshot {
    const { key, position } = this.generator();
    return { key: key.slice(), position, gauss: this.#gauss };
  }

  /** Continues from a state of this library or of NumPy. */
  setState(state: RandomStateSnapshot): void {
    const { key, position, gauss } = state ?? {};
    if (key?.length !== STATE_SIZE) {
      throw new ValueError(`RandomState.setState: expected a key of ${STATE_SIZE} words, got ${key?.length}`);
    }
    if (!Number.isInteger(position) || position < 0 || position > STATE_SIZE) {
      throw new ValueError(
        `RandomState.setState: position ${inWords(position)} is not an integer from 0 to ${STATE_SIZE}`,
      );
    }
    this.#generator.restore(key, position);
    this.#gauss = gauss;
    this.#seeded = true;
  }

  /** float64 from [0, 1), 53 random bits each (`random_sample`, `rand`). One number without a size. */
  randomSample(): number;
  randomSample(size: number): Float64Array;
  randomSample(size?: number): number | Float64Array {
    const out = numbers('float64', 'randomSample', size) as Float64Array;
    this.fillUniform(out);
    return size === undefined ? out[0] : out;
  }

  /** Fills an array with numbers from [low, high) with 53 random bits each. For float32, each is rounded once. */
  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    const range = high - low;
    if (!Number.isFinite(range)) throw new ValueError(`uniform: the range from ${low} to ${high} is not finite`);
    fillUniform(this.generator(), out, low, range);
  }

  /** float64 of mean `loc` and standard deviation `scale`. One number without a size. */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, size: number): Float64Array;
  normal(loc = 0, scale = 1, size?: number): number | Float64Array {
    const out = numbers('float64', 'normal', size) as Float64Array;
    this.fillNormal(out, loc, scale);
    return size === undefined ? out[0] : out;
  }

  /** Fills an array with normal numbers of mean `loc` and standard deviation `scale`. For float32, each is rounded once. */
  fillNormal(out: Float32Array | Float64Array, loc = 0, scale = 1): void {
    if (!(scale >= 0)) throw new ValueError(`normal: scale ${scale} is negative`);
    this.#gauss = fillGauss(this.generator(), out, loc, scale, this.#gauss);
  }

  /**
   * int32 from [low, high), or from [0, low) if `high` is null. One number without a size. The draws are those of NumPy for its
   * default integers and for int32.
   *
   * @throws ValueError if the range is empty or exceeds int32.
   */
  randint(low: number, high?: number | null): number;
  randint(low: number, high: number | null, size: number): Int32Array;
  randint(low: number, high: number | null = null, size?: number): number | Int32Array {
    const [first, end] = high === null ? [0, low] : [low, high];
    if (!Number.isInteger(first) || !Number.isInteger(end) || first < INT32_MIN || end > -INT32_MIN) {
      throw new ValueError(`randint: the range from ${first} to ${end} is not one of int32`);
    }
    if (end <= first) throw new ValueError(`randint: the range from ${first} to ${end} is empty`);
    const generator = this.generator();
    const draw = () => first + interval(generator, end - first - 1);
    if (size === undefined) return draw();
    const out = numbers('int32', 'randint', size) as Int32Array;
    for (let i = 0; i < size; i++) out[i] = draw();
    return out;
  }

  /** The numbers from 0 to n−1 in random order. */
  permutation(n: number): Int32Array {
    const order = numbers('int32', 'permutation', n) as Int32Array;
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  /** Puts a list's elements in random order, in place. */
  shuffle<T>(list: MutableList<T>): void {
    const generator = this.generator();
    for (let i = list.length - 1; i > 0; i--) {
      const j = interval(generator, i);
      const element = list[i];
      list[i] = list[j];
      list[j] = element;
    }
  }

  /** The generator of random words, with a seed. */
  protected generator(): MT19937 {
    refuseWhileRecording();
    if (!this.#seeded) {
      this.#generator.seedByArray(crypto.getRandomValues(new Uint32Array(STATE_SIZE)));
      this.#seeded = true;
    }
    return this.#generator;
  }
}

/** An integer from 0 to `max` < 2³²: the low bits of words, drawn again while they exceed `max`. */
function interval(generator: MT19937, max: number): number {
  if (max === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(max);
  for (;;) {
    const value = (generator.next() & mask) >>> 0;
    if (value <= max) return value;
  }
}

function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed >= WORDS) {
    throw new ValueError(`RandomState: seed ${seed} is not an integer from 0 to 2^32 - 1`);
  }
}

/**
 * An array for `size` numbers, or for one without a size.
 *
 * @throws ShapeError unless `size` is a number of elements, MemoryError if the host runs out of memory.
 */
export function numbers(dtype: DType, op: string, size = 1): TypedArray {
  return hostArray(dtype, checkSize(op, 'size', size));
}
