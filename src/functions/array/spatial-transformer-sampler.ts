import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import {
  arange,
  astype,
  clip,
  floor,
  greater,
  less,
  logicalAnd,
  type NDArray,
  add as plus,
  multiply as times,
} from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { neg } from '../math/negative.js';
import { sub } from '../math/subtract.js';
import { sliceAlong } from '../nodes/strided.js';
import { pad } from './pad.js';
import { takeFlat } from './select-item.js';
import { where } from './where.js';

/** Coordinates along one axis of the padded image, as two neighbouring pixels and their weights. */
interface Place {
  /** The lower of the two pixels: int32 (N, 1, h, w). */
  readonly lower: NDArray;
  /** The weights of the pixels `lower` and `lower` + 1, (N, 1, h, w). */
  readonly weights: readonly [Variable, Variable];
}

/** Coordinates from -1 to 1 on an axis of `length` pixels. Those outside are moved to the border of zeros, and are constant. */
function placeOf(coordinate: Variable, length: number): Place {
  const at = add(mul(add(coordinate, 1), (length - 1) / 2), 1);
  const inside = logicalAnd(greater(at.array, 0), less(at.array, length + 1));
  const limited = where(inside, at, clip(at.array, 0, length + 1));
  const below = clip(floor(limited.array), 0, length);
  const rest = sub(limited, below);
  return { lower: astype(below, 'int32'), weights: [add(neg(rest), 1), rest] };
}

/**
 * The image x read at the coordinates of a grid, linearly between pixels; outside of it everything is 0. x (N, C, H, W),
 * grid (N, 2, h, w) as spatialTransformerGrid makes it → (N, C, h, w). Follows
 * chainer.functions.spatial_transformer_sampler (arXiv:1506.02025).
 *
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function spatialTransformerSampler(x: FunctionOperand, grid: FunctionOperand): Variable {
  x = input('spatialTransformerSampler', 'x', x, grid);
  grid = input('spatialTransformerSampler', 'grid', grid, x);
  const op = 'spatialTransformerSampler';
  checkFloating(op, arrayOf(x), arrayOf(grid));
  checkNdim(op, 'x', x, 'N, C, H, W');
  checkNdim(op, 'grid', grid, 'N, 2, h, w');
  const [n, c, height, width] = x.shape;
  if (grid.shape[0] !== n || grid.shape[1] !== 2) {
    throw new ShapeError(
      `${op}: grid ${formatShape(grid.shape)} for x ${formatShape(x.shape)}, expected (${n}, 2, h, w)`,
    );
  }
  const padded = pad(
    x,
    [
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ],
    'constant',
  );
  const columns = placeOf(sliceAlong(grid, 1, 0, 1), width);
  const rows = placeOf(sliceAlong(grid, 1, 1, 1), height);
  const [rowStride, imageStride] = [width + 2, (width + 2) * (height + 2)];
  const images = times(arange(0, n * c, 1, { device: padded.array.device.name }), imageStride).reshape([n, c, 1, 1]);
  const corner = plus(plus(images, times(rows.lower, rowStride)), columns.lower);
  const parts = [0, 1].flatMap((v) =>
    [0, 1].map((u) => {
      const pixels = takeFlat(padded, plus(corner, v * rowStride + u));
      return mul(pixels, mul(rows.weights[v], columns.weights[u]));
    }),
  );
  return add(...parts);
}
