/** Which axes a normalization takes its statistics over, and how per-channel arrays lie along the others. */
import type { VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, normalizeAxes, type Shape, sameShape } from '../../ndarray/shape.js';

/** Axes of statistics, the shape of what is kept per channel, and that shape broadcastable against x. */
export interface NormalizedAxes {
  readonly axes: readonly number[];
  /** The shape of gamma, beta and the statistics. */
  readonly shape: Shape;
  /** The same with axes of length 1 where statistics are taken. */
  readonly aligned: Shape;
  /** How many elements each statistic is taken over. */
  readonly count: number;
}

/**
 * Chainer's rule: without `axis`, gamma's axes are those of x from 1 on, and statistics are taken over the rest.
 *
 * @throws ShapeError if gamma or another array per channel does not have the shape of x's remaining axes.
 */
export function normalizedAxes(
  op: string,
  x: VariableLike,
  axis: number | readonly number[] | null,
  perChannel: Readonly<Record<string, VariableLike>>,
): NormalizedAxes {
  const own = Object.values(perChannel)[0]?.shape.length ?? 1;
  const ndim = x.shape.length;
  const axes =
    axis === null ? x.shape.map((_, k) => k).filter((k) => k === 0 || k > own) : normalizeAxes(op, axis, ndim);
  const shape = x.shape.filter((_, k) => !axes.includes(k));
  for (const [name, array] of Object.entries(perChannel)) {
    if (!sameShape(array.shape, shape)) {
      throw new ShapeError(
        `${op}: ${name} ${formatShape(array.shape)} does not fit x ${formatShape(x.shape)}, expected ${formatShape(shape)}`,
      );
    }
  }
  return {
    axes,
    shape,
    aligned: x.shape.map((n, k) => (axes.includes(k) ? 1 : n)),
    count: axes.reduce((n, k) => n * x.shape[k], 1),
  };
}
