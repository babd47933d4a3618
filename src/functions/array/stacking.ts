/** The common part of hstack, vstack and dstack: it adds missing axes to the arrays, then joins them. */
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, type Shape } from '../../ndarray/shape.js';
import { concat } from './concat.js';
import { reshape } from './reshape.js';

/** The arrays, which have the same number of axes, reshaped by `lift` and joined along `axis`. */
export function joinLifted(
  op: string,
  xs: readonly VariableLike[],
  axis: number,
  lift: (shape: Shape) => Shape,
): Variable {
  for (const x of xs) {
    if (x.shape.length !== xs[0].shape.length) {
      throw new ShapeError(
        `${op}: ${formatShape(xs[0].shape)} and ${formatShape(x.shape)} have different numbers of dimensions`,
      );
    }
  }
  return concat(
    xs.map((x) => reshape(x, lift(x.shape))),
    axis,
  );
}
