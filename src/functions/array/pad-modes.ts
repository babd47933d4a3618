/**
 * The modes of `pad`: each makes the border along one axis from differentiable functions of x, so gradients flow through the border.
 */
import type { Variable } from '../../core/variable.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { full, type NDArray } from '../../ndarray/np.js';
import { sizeOf } from '../../ndarray/shape.js';
import { alongAxis } from '../arguments/along-axes.js';
import { add } from '../math/add.js';
import { mean } from '../math/average.js';
import { max, min } from '../math/minmax.js';
import { mul } from '../math/multiply.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { sliceAlong } from '../nodes/strided.js';
import { takeAlong } from '../nodes/take-along.js';
import { concat } from './concat.js';
import { takeFlat } from './select-item.js';

/** The modes of numpy.pad, by NumPy's names. */
export type PadMode =
  | 'constant'
  | 'edge'
  | 'empty'
  | 'linear_ramp'
  | 'maximum'
  | 'mean'
  | 'median'
  | 'minimum'
  | 'reflect'
  | 'symmetric'
  | 'wrap';

type Pair = readonly [before: number, after: number];

/** The options of a mode, for the axis that is padded. */
interface EdgeOptions {
  readonly constants: Pair;
  readonly ends: Pair;
  readonly lengths: Pair;
  readonly odd: boolean;
}

type Border = (x: Variable, axis: number, width: Pair, options: EdgeOptions) => Variable;

function constant(x: Variable, axis: number, width: Pair, { constants }: EdgeOptions): Variable {
  const { dtype, device } = x.array;
  const block = (side: 0 | 1): NDArray => {
    const shape = x.shape.map((n, k) => (k === axis ? width[side] : n));
    return full(shape, constants[side], { dtype, device: device.name });
  };
  return concat([block(0), x, block(1)], axis);
}

/** The positions of the padded axis, counted from the first element of x: -before … n + after - 1. */
function padPlaces(n: number, [before, after]: Pair): number[] {
  return Array.from({ length: before + n + after }, (_, i) => i - before);
}

function modulo(a: number, n: number): number {
  return ((a % n) + n) % n;
}

/** A border of elements of x. */
const repeating =
  (placeOf: (place: number, n: number) => number): Border =>
  (x, axis, width) =>
    takeAlong(
      x,
      padPlaces(x.shape[axis], width).map((p) => placeOf(p, x.shape[axis])),
      axis,
    );

/**
 * A border of mirror images of x. The axis continues in segments of `period` elements, every second one reversed:
 *
 *   symmetric, period n      … c b a | a b c | c b a …
 *   reflect, period n − 1        c b | a b c | b a …   (the edges themselves belong to both neighbours)
 *
 * An odd mirror also turns values around the edge, 2·edge − value, so that segment k is lifted by k·(last − first).
 */
const mirroring =
  (overlap: 0 | 1): Border =>
  (x, axis, width, { odd }) => {
    const n = x.shape[axis];
    // A single element has no neighbour to reflect: NumPy repeats it.
    const period = Math.max(1, n - overlap);
    const segments = padPlaces(n, width).map((p) => {
      const inside = p >= 0 && p < n;
      return { k: inside ? 0 : Math.floor(p / period), s: inside ? p : modulo(p, period) };
    });
    const places = segments.map(({ k, s }) => (n === 1 || k % 2 === 0 ? s : n - 1 - s));
    const mirrored = takeAlong(x, places, axis);
    if (!odd || n === 1) return mirrored;
    // Even k: x[s] + k·(last − first); odd k: first + last + k·(last − first) − x[n − 1 − s].
    const reversed = segments.map(({ k }) => Math.abs(k % 2));
    const weights = (of: (k: number, r: number) => number) =>
      alongAxis(
        segments.map(({ k }, i) => of(k, reversed[i])),
        axis,
        x,
      );
    const [first, last] = [sliceAlong(x, axis, 0, 1), sliceAlong(x, axis, n - 1, 1)];
    return add(
      mul(
        mirrored,
        weights((_, r) => 1 - 2 * r),
      ),
      mul(
        first,
        weights((k, r) => r - k),
      ),
      mul(
        last,
        weights((k, r) => r + k),
      ),
    );
  };

function linearRamp(x: Variable, axis: number, [before, after]: Pair, { ends }: EdgeOptions): Variable {
  const n = x.shape[axis];
  /** A ramp from the value at the edge to the end value; `shares` are the weights of the edge. */
  const ramp = (place: number, end: number, shares: readonly number[]) => {
    const rest = shares.map((w) => end * (1 - w));
    return add(mul(sliceAlong(x, axis, place, 1), alongAxis(shares, axis, x)), alongAxis(rest, axis, x));
  };
  const rising = Array.from({ length: before }, (_, i) => i / before);
  const falling = Array.from({ length: after }, (_, i) => (after - 1 - i) / after);
  return concat([ramp(0, ends[0], rising), x, ramp(n - 1, ends[1], falling)], axis);
}

/** A border with one number for each line across it, computed from the elements at that edge. */
const summarizing =
  (summary: (x: Variable, axis: number) => Variable): Border =>
  (x, axis, width, { lengths }) => {
    const n = x.shape[axis];
    const block = (side: 0 | 1): Variable => {
      const looked = sliceAlong(x, axis, side === 0 ? 0 : n - lengths[1], lengths[side]);
      return broadcastTo(
        summary(looked, axis),
        x.shape.map((m, k) => (k === axis ? width[side] : m)),
      );
    };
    return concat([block(0), x, block(1)], axis);
  };

/**
 * The median along an axis, kept with length 1; for an even number of values, the mean of the two in the middle. It sorts on the host,
 * and moves the data there once.
 */
function median(x: Variable, axis: number): Variable {
  const n = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const data = x.dataSync();
  const middles: [number[], number[]] = [[], []];
  for (let line = 0; line < data.length / n; line++) {
    const start = Math.floor(line / inner) * n * inner + (line % inner);
    const places = Array.from({ length: n }, (_, i) => start + i * inner);
    const broken = places.find((at) => Number.isNaN(data[at]));
    places.sort((a, b) => data[a] - data[b]);
    middles[0].push(broken ?? places[(n - 1) >> 1]);
    middles[1].push(broken ?? places[n >> 1]);
  }
  const kept = x.shape.map((m, k) => (k === axis ? 1 : m));
  const [low, high] = middles.map((places) => takeFlat(x, placesOf(x, places, kept)));
  return mul(add(low, high), 0.5);
}

function placesOf(x: Variable, places: readonly number[], shape: readonly number[]): NDArray {
  return fromHost(Int32Array.from(places), shape, 'int32', x.array.device);
}

/** The modes; `empty` is `constant` with zeros. */
export const PAD_MODES = {
  constant,
  empty: constant,
  edge: repeating((p, n) => Math.min(n - 1, Math.max(0, p))),
  wrap: repeating(modulo),
  reflect: mirroring(1),
  symmetric: mirroring(0),
  linear_ramp: linearRamp,
  maximum: summarizing((x, axis) => max(x, axis, true)),
  minimum: summarizing((x, axis) => min(x, axis, true)),
  mean: summarizing((x, axis) => mean(x, axis, true)),
  median: summarizing(median),
} satisfies Record<PadMode, Border>;
