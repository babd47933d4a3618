/**
 * A strided view read backwards: from a place in memory to the indices of the view that visit it. Fragments are given
 * a place and must find what belongs there. Done once per call on the host, so that the shader has only divisions.
 *
 * Sorted by stride, a dimension is *ranged* if its stride is at least as long as everything the smaller ones reach:
 * then a division gives its coordinate. The others are *looped*: the shader tries each of their coordinates. Slices,
 * transposes and their like have only ranged dimensions; windows that overlap loop over the smaller of two.
 */

import type { StridedView } from '../primitives.js';
import { collapse } from './views.js';

/** One dimension of a pair of views: its size, and its strides in the view read and in the view visited. */
interface Dimension {
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

export interface InverseView {
  readonly fromOffset: number;
  readonly toOffset: number;
  /** By descending stride of the view visited. */
  readonly ranged: readonly Dimension[];
  readonly looped: readonly Dimension[];
  /** First and last place visited. */
  readonly first: number;
  readonly last: number;
}

/** Inverts `to`, keeping for each of its indices where `from` is. No size may be 0. */
export function invertView(from: StridedView, to: StridedView, shape: readonly number[]): InverseView {
  let fromOffset = from.offset;
  let toOffset = to.offset;
  const dimensions = shape.map((n, k): Dimension => {
    const [fromStride, toStride] = [from.strides[k], to.strides[k]];
    if (toStride >= 0 || n === 1) return { n, from: fromStride, to: toStride };
    // Walked from its other end, the stride is positive.
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

/** Of dimensions by descending stride, as many as can be ranged. */
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
