/** The axes that a batch is normalized over, and those of gamma and beta. */
import { ShapeError } from '../../errors.js';
import { type Axis, formatShape, normalizeAxes, reducedShape, type Shape, sameShape } from '../../ndarray/shape.js';
import { channelAxisRemedy } from '../arguments/remedies.js';

/** The axes that statistics are taken over, and the shapes that follow from them. */
export interface BatchAxes {
  /** The axes, sorted and non-negative. */
  readonly axes: readonly number[];
  /** The shape of x without the axes: that of gamma, beta, mean and variance. */
  readonly kept: Shape;
  /** The shape of x with length 1 for the axes. It broadcasts to x. */
  readonly broadcast: Shape;
  /** The number of elements of each statistic. */
  readonly count: number;
}

/**
 * The axes of normalization: `axis`; by default the first axis and all after those of `like`, an array such as gamma.
 *
 * @throws ShapeError if an axis is out of range, or an array of `params` does not have the kept shape.
 */
export function batchAxes(
  op: string,
  x: { readonly shape: Shape },
  axis: Axis,
  params: Readonly<Record<string, { readonly shape: Shape }>>,
): BatchAxes {
  const ndim = x.shape.length;
  const [like] = Object.values(params);
  const keptAxes = like.shape.length;
  const axes =
    axis === null
      ? Array.from({ length: ndim }, (_, k) => k).filter((k) => k === 0 || k > keptAxes)
      : normalizeAxes(op, axis, ndim);
  const kept = reducedShape(x.shape, axes, false);
  for (const [name, param] of Object.entries(params)) {
    if (!sameShape(param.shape, kept)) {
      throw new ShapeError(
        `${op}: ${name} is ${formatShape(param.shape)} but x ${formatShape(x.shape)} without axes (${axes}) is ${formatShape(kept)}` +
          (axis === null && param.shape.length === 1 ? channelAxisRemedy(x.shape, param.shape[0]) : ''),
      );
    }
  }
  const count = axes.reduce((n, k) => n * x.shape[k], 1);
  return { axes, kept, broadcast: reducedShape(x.shape, axes, true), count };
}
