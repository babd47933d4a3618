/**
 * The inverse of a strided view: from a place in memory to the indices of the view that visit it. A fragment has a place, and must find the
 * elements that belong there. The host inverts a view once for each call, and leaves only divisions to the shader.
 *
 * Sorted by stride, a dimension is *ranged* if its stride is longer than the reach of all dimensions with smaller strides: then a division
 * gives its coordinate. All others are *looped*: the shader tries each of their coordinates. Slices and transposes have ranged
 * dimensions alone; windows that overlap loop over the smaller dimension of two.
 */

import type { StridedView } from '../primitives.js';
import { collapse } from './views.js';

/** One dimension of a pair of views: its size, its stride in the view that is read, and its stride in the view that is written. */
interface Dimension {
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

export interface InverseView {
  readonly fromOffset: number;
  readonly toOffset: number;
  /** In the order of descending `to`. */
  readonly ranged: readonly Dimension[];
  readonly looped: readonly Dimension[];
  /** The first and the last place that `to` visits. */
  readonly first: number;
  readonly last: number;
}

/** Inverts `to`, and keeps the place of `from` for each index. No size may be 0. */
export function invertView(from: StridedView, to: StridedView, shape: readonly number[]): InverseView {
  let fromOffset = from.offset;
  let toOffset = to.offset;
  const dimensions = shape.map((n, k): Dimension => {
    const [fromStride, toStride] = [from.strides[k], to.strides[k]];
    if (toStride >= 0 || n === 1) return { n, from: fromStride, to: toStride };
    // From the dimension's other end, the stride is positive.
    fromOffset += (n - 1) * fromStride;
    toOffset += (n - 1) * toStride;
    return { n, from: -fromStride, to: -toStride };
  });
  const sorted = dimensions.filter(({ n }) => n > 1).sort((a, b) => b.to - a.to || a.n - b.n);
  const merged = collapse({
    shape: sorted.map(({ n }) => n),
    strides: [sorted.map((d) => d.from), sorted.map((d) => d.to)],
  });
  const { ranged, looped } = separate(
    merged.shape.map((n, k) => ({ n, from: merged.strides[0][k], to: merged.strides[1][k] })),
  );
  const last = sorted.reduce((place, { n, to: stride }) => place + (n - 1) * stride, toOffset);
  return { fromOffset, toOffset, ranged, looped, first: toOffset, last };
}

/** Separates dimensions in the order of descending stride; as many as possible are ranged. */
function separate(dimensions: readonly Dimension[]): Pick<InverseView, 'ranged' | 'looped'> {
  const ranged: Dimension[] = [];
  const looped: Dimension[] = [];
  for (const dimension of dimensions.toReversed()) {
    ranged.unshift(dimension);
    while (overlap(ranged)) {
      const smallest = ranged.reduce((a, b) => (b.n < a.n ? b : a));
      ranged.splice(ranged.indexOf(smallest), 1);
      looped.push(smallest);
    }
  }
  return { ranged, looped };
}

function overlap(dimensions: readonly Dimension[]): boolean {
  let reach = 1;
  for (const { n, to } of dimensions.toReversed()) {
    if (to < reach) return true;
    reach += (n - 1) * to;
  }
  return false;
}
