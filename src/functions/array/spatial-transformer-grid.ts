import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { checkList, formatShape } from '../../ndarray/shape.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { matmul } from '../math/matmul.js';
import { reshape } from './reshape.js';

/** n numbers from -1 to 1, as numpy.linspace. */
function ends(n: number): number[] {
  return Array.from({ length: n }, (_, i) => (n === 1 ? -1 : -1 + (2 * i) / (n - 1)));
}

/**
 * The position of each pixel of a warped image in its source: (x, y) = theta·(u, v, 1) with u, v from -1 (left, top) to 1. theta
 * (N, 2, 3), `outputShape` [h, w] → (N, 2, h, w), x coordinates first. Follows chainer.functions.spatial_transformer_grid
 * (arXiv:1506.02025).
 *
 * @throws ShapeError unless theta is (N, 2, 3), ValueError for a size below 1, DTypeError unless theta is floating.
 */
export function spatialTransformerGrid(theta: FunctionOperand, outputShape: readonly number[]): Variable {
  theta = input('spatialTransformerGrid', 'theta', theta);
  const op = 'spatialTransformerGrid';
  const { dtype, device } = arrayOf(theta);
  checkFloating(op, arrayOf(theta));
  if (theta.shape.length !== 3 || theta.shape[1] !== 2 || theta.shape[2] !== 3) {
    throw new ShapeError(`${op}: theta is ${formatShape(theta.shape)}, expected (N, 2, 3)`);
  }
  checkList(op, 'outputShape', outputShape);
  if (outputShape.length !== 2 || outputShape.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new ValueError(`${op}: outputShape is ${formatShape(outputShape)}, expected a height and a width`);
  }
  const [h, w] = outputShape;
  checkPlaces(op, arrayOf(theta), [theta.shape[0], 2, h * w]);
  const [us, vs] = [ends(w), ends(h)];
  const coordinates = [
    ...vs.flatMap(() => us),
    ...vs.flatMap((v) => us.map(() => v)),
    ...new Array<number>(h * w).fill(1),
  ];
  const points = fromHost(toHostArray(coordinates, dtype), [3, h * w], dtype, device);
  return reshape(matmul(theta, points), [theta.shape[0], 2, h, w]);
}
