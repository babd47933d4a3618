/**
 * NumPy's legacy random streams on the host (`numpy.random.RandomState`): the same seed gives the numbers that NumPy
 * and Chainer draw, on every machine. It fills plain typed arrays; shapes, dtypes and devices are added above it.
 *
 * Everything is bit-exact but for the last place of `normal`, where the engine's `Math.log` may round otherwise than C's.
 */

import { GraphError, ShapeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { fillGauss, fillUniform } from './fill-random.js';
import { MT19937, STATE_SIZE } from './mt19937.js';
import { isRecording } from './recording.js';

/** What a stream is started from: an unsigned 32-bit integer, several of them, or (null) entropy. */
export type Seed = number | ArrayLike<number> | null;

/** All that a stream's future depends on, as `RandomState.get_state` gives it. */
export interface RandomStateSnapshot {
  /** 624 words. */
  readonly key: Uint32Array;
  /** How many of them have been drawn, 0 to 624. */
  readonly position: number;
  /** The second value of the last pair that `normal` made, if it is still to be given out. */
  readonly gauss: number | null;
}

/** Something that can be shuffled in place: an array or a typed array. */
export interface MutableList<T> {
  readonly length: number;
  [index: number]: T;
}

export interface ChoiceOptions {
  /** Whether an element may be drawn again. Default: true. */
  replace?: boolean;
  /** The probability of each element; they add up to 1. Default: all alike. */
  p?: ArrayLike<number> | null;
}

/** @throws GraphError while a computation is recorded: each run would have the numbers drawn now. */
function refuseWhileRecording(): void {
  if (!isRecording()) return;
  throw new GraphError(
    'compile: the function draws numbers with np.random or a RandomState, and each run would have the numbers of now: ' +
      'draw before the call and pass the numbers as an input, or use F.gaussian or F.dropout, whose draws are new at each run; ' +
      'make links outside the function, and call a model once before compiling if it makes links at its first call',
  );
}

const INT32_MIN = -(2 ** 31);
const WORDS = 2 ** 32;

/** How far from 1 probabilities may add up, as NumPy has it: √ε. */
const PROBABILITY_TOLERANCE = Math.sqrt(Number.EPSILON);

/**
 * A stream of pseudo-random numbers. Without a seed it takes entropy at its first draw, not before: some runtimes
 * forbid that while modules load.
 */
export class RandomState {
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
      if (seed.length === 0) throw new ValueError('RandomState: an empty list is no seed');
      for (let i = 0; i < seed.length; i++) checkSeed(seed[i]);
      this.#generator.seedByArray(seed);
    }
  }

  /** The present state, to go on from later. */
  getState(): RandomStateSnapshot {
    const { key, position } = this.#ready();
    return { key: key.slice(), position, gauss: this.#gauss };
  }

  /** Goes on from a state, of this library or of NumPy. */
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
    const out = new Float64Array(elements('randomSample', size));
    this.fillUniform(out);
    return size === undefined ? out[0] : out;
  }

  /** float64 from [low, high). One number without a size. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, size: number): Float64Array;
  uniform(low = 0, high = 1, size?: number): number | Float64Array {
    const out = new Float64Array(elements('uniform', size));
    this.fillUniform(out, low, high);
    return size === undefined ? out[0] : out;
  }

  /** Fills an array with what {@link uniform} draws; float32 is rounded once. */
  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    const range = high - low;
    if (!Number.isFinite(range)) throw new ValueError(`uniform: the range from ${low} to ${high} is not finite`);
    fillUniform(this.#ready(), out, low, range);
  }

  /** float64 of mean 0 and standard deviation 1 (`standard_normal`, `randn`). One number without a size. */
  standardNormal(): number;
  standardNormal(size: number): Float64Array;
  standardNormal(size?: number): number | Float64Array {
    const out = new Float64Array(elements('standardNormal', size));
    this.fillNormal(out);
    return size === undefined ? out[0] : out;
  }

  /** float64 of mean `loc` and standard deviation `scale`. One number without a size. */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, size: number): Float64Array;
  normal(loc = 0, scale = 1, size?: number): number | Float64Array {
    const out = new Float64Array(elements('normal', size));
    this.fillNormal(out, loc, scale);
    return size === undefined ? out[0] : out;
  }

  /** Fills an array with what {@link normal} draws; float32 is rounded once. */
  fillNormal(out: Float32Array | Float64Array, loc = 0, scale = 1): void {
    if (!(scale >= 0)) throw new ValueError(`normal: scale ${scale} is negative`);
    this.#gauss = fillGauss(this.#ready(), out, loc, scale, this.#gauss);
  }

  /**
   * int32 from [low, high), or from [0, low) where `high` is null. One number without a size. The stream is the one
   * that NumPy draws for its default integers and for int32.
   *
   * @throws ValueError when the range is empty or leaves int32.
   */
  randint(low: number, high?: number | null): number;
  randint(low: number, high: number | null, size: number): Int32Array;
  randint(low: number, high: number | null = null, size?: number): number | Int32Array {
    const [first, end] = high === null ? [0, low] : [low, high];
    if (!Number.isInteger(first) || !Number.isInteger(end) || first < INT32_MIN || end > -INT32_MIN) {
      throw new ValueError(`randint: the range from ${first} to ${end} is not one of int32`);
    }
    if (end <= first) throw new ValueError(`randint: the range from ${first} to ${end} is empty`);
    const generator = this.#ready();
    const draw = () => first + interval(generator, end - first - 1);
    if (size === undefined) return draw();
    checkSize('randint', size);
    const out = new Int32Array(size);
    for (let i = 0; i < size; i++) out[i] = draw();
    return out;
  }

  /** The numbers from 0 to n−1 in random order. */
  permutation(n: number): Int32Array {
    checkSize('permutation', n);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    this.shuffle(order);
    return order;
  }

  /** Puts a list's elements in random order, in place. */
  shuffle<T>(list: MutableList<T>): void {
    const generator = this.#ready();
    for (let i = list.length - 1; i > 0; i--) {
      const j = interval(generator, i);
      const element = list[i];
      list[i] = list[j];
      list[j] = element;
    }
  }

  /**
   * `size` draws from 0 to n−1, as indices into whatever is chosen from.
   *
   * @throws ValueError when probabilities are not n non-negative numbers that add up to 1, and when more elements are
   *   asked for than there are to draw without replacement.
   */
  choice(n: number, size: number, { replace = true, p = null }: ChoiceOptions = {}): Int32Array {
    checkSize('choice', size);
    if (!Number.isInteger(n) || n < 1) throw new ValueError(`choice: there must be something to choose from, got ${n}`);
    if (p !== null) checkProbabilities(p, n);
    if (replace) return p === null ? this.randint(0, n, size) : searchSorted(cumulate(p), this.randomSample(size));
    const available = p === null ? n : Array.from(p).filter((probability) => probability > 0).length;
    if (size > available) throw new ValueError(`choice: ${size} of ${available} cannot be drawn without replacement`);
    return p === null ? this.permutation(n).subarray(0, size) : this.#chooseDistinct(p, size);
  }

  /** `length` random bytes. */
  bytes(length: number): Uint8Array {
    checkSize('bytes', length);
    const generator = this.#ready();
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = generator.next();
      for (let k = 0; k < 4 && at + k < length; k++) out[at + k] = word >>> (8 * k);
    }
    return out;
  }

  #ready(): MT19937 {
    refuseWhileRecording();
    if (!this.#seeded) {
      this.#generator.seedByArray(crypto.getRandomValues(new Uint32Array(STATE_SIZE)));
      this.#seeded = true;
    }
    return this.#generator;
  }

  /** Draws until enough different elements have come; those that have come get probability 0. */
  #chooseDistinct(p: ArrayLike<number>, size: number): Int32Array {
    const rest = Float64Array.from(p);
    const chosen = new Set<number>();
    while (chosen.size < size) {
      const points = this.randomSample(size - chosen.size);
      for (const element of chosen) rest[element] = 0;
      for (const element of searchSorted(cumulate(rest), points)) chosen.add(element);
    }
    return Int32Array.from(chosen);
  }
}

/** An integer from 0 to `max` < 2³²: the low bits of words, drawn again until they are not above it. */
function interval(generator: MT19937, max: number): number {
  if (max === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(max);
  for (;;) {
    const value = (generator.next() & mask) >>> 0;
    if (value <= max) return value;
  }
}

/** How many numbers a size asks for: one without a size. */
function elements(op: string, size: number | undefined): number {
  if (size !== undefined) checkSize(op, size);
  return size ?? 1;
}

/** Cumulative probabilities, scaled so that the last is 1. */
function cumulate(p: ArrayLike<number>): Float64Array {
  let total = 0;
  const sums = Float64Array.from(p, (probability) => {
    total += probability;
    return total;
  });
  return sums.map((sum) => sum / total);
}

/** For each point, how many of the ascending bounds are not above it. */
function searchSorted(bounds: Float64Array, points: Float64Array): Int32Array {
  return Int32Array.from(points, (point) => {
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle] <= point) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed >= WORDS) {
    throw new ValueError(`RandomState: seed ${seed} is not an integer from 0 to 2^32 - 1`);
  }
}

function checkSize(op: string, size: number): void {
  if (!Number.isInteger(size) || size < 0) throw new ShapeError(`${op}: ${size} is not a number of elements`);
}

function checkProbabilities(p: ArrayLike<number>, n: number): void {
  if (p.length !== n) throw new ShapeError(`choice: ${n} elements need as many probabilities, got ${p.length}`);
  const sum = Array.from(p).reduce((total, probability) => {
    if (!(probability >= 0)) throw new ValueError(`choice: probability ${probability} is not at least 0`);
    return total + probability;
  }, 0);
  if (!(Math.abs(sum - 1) <= PROBABILITY_TOLERANCE)) throw new ValueError(`choice: probabilities add up to ${sum}`);
}
