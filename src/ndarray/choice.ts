/** Choosing among elements, as `numpy.random.choice` does. */
import { ShapeError, ValueError } from '../errors.js';
import type { RandomStream } from './random-stream.js';
import { checkSize } from './shape.js';

export interface ChoiceOptions {
  /** Whether an element may be drawn again. Default: true. */
  replace?: boolean;
  /** The probability of each element. All add up to 1. Default: equal probabilities. */
  p?: ArrayLike<number> | null;
}

/** The largest accepted distance of the sum of probabilities from 1, as in NumPy: √ε. */
const PROBABILITY_TOLERANCE = Math.sqrt(Number.EPSILON);

/**
 * `size` draws of a stream from 0 to n−1, as indices of the chosen elements.
 *
 * @throws ValueError unless the probabilities are n non-negative numbers that add up to 1, and for more draws without replacement
 *   than there are elements.
 */
export function choose(stream: RandomStream, n: number, size: number, options: ChoiceOptions = {}): Int32Array {
  const { replace = true, p = null } = options;
  checkSize('choice', 'size', size);
  if (checkSize('choice', 'n', n) < 1) throw new ValueError(`choice: there must be something to choose from, got ${n}`);
  if (p !== null) checkProbabilities(p, n);
  if (replace) return p === null ? stream.randint(0, n, size) : searchSorted(cumulate(p), stream.randomSample(size));
  const available = p === null ? n : Array.from(p).filter((probability) => probability > 0).length;
  if (size > available) throw new ValueError(`choice: ${size} of ${available} cannot be drawn without replacement`);
  return p === null ? stream.permutation(n).subarray(0, size) : chooseDistinct(stream, p, size);
}

/** Draws until enough different elements have come. An element that has come gets probability 0. */
function chooseDistinct(stream: RandomStream, p: ArrayLike<number>, size: number): Int32Array {
  const rest = Float64Array.from(p);
  const chosen = new Set<number>();
  while (chosen.size < size) {
    const points = stream.randomSample(size - chosen.size);
    for (const element of chosen) rest[element] = 0;
    for (const element of searchSorted(cumulate(rest), points)) chosen.add(element);
  }
  return Int32Array.from(chosen);
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

/** For each point, the number of ascending bounds that are at most the point. */
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

function checkProbabilities(p: ArrayLike<number>, n: number): void {
  if (p.length !== n) throw new ShapeError(`choice: ${n} elements need as many probabilities, got ${p.length}`);
  const sum = Array.from(p).reduce((total, probability) => {
    if (!(probability >= 0)) throw new ValueError(`choice: probability ${probability} is not at least 0`);
    return total + probability;
  }, 0);
  if (!(Math.abs(sum - 1) <= PROBABILITY_TOLERANCE)) throw new ValueError(`choice: probabilities add up to ${sum}`);
}
