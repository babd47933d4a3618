import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkList, formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { alongAxis } from '../arguments/along-axes.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { takeAlong } from '../nodes/take-along.js';

/** Options of {@link resizeImages}. */
export interface ResizeImagesOptions {
  /** The interpolation. Default `bilinear`. */
  mode?: 'bilinear' | 'nearest';
  /** Align the centres of the corner pixels of input and output; otherwise align the outer edges, as OpenCV does. Default true. */
  alignCorners?: boolean;
}

/** The fractional coordinates, on an axis of `length`, of the positions of an axis of `size`. */
function coordinates(length: number, size: number, { mode, alignCorners }: Required<ResizeImagesOptions>): number[] {
  const places = Array.from({ length: size }, (_, i) => i);
  const scale = length / size;
  if (mode === 'nearest') return places.map((i) => Math.min(Math.floor(i * scale), length - 1));
  if (!alignCorners) return places.map((i) => Math.max((i + 0.5) * scale - 0.5, 0));
  return places.map((i) => (size === 1 ? 0 : (i * (length - 1)) / (size - 1)));
}

/** x sampled at fractional coordinates along one axis, linearly between its two neighbours. */
function sampleAlong(x: VariableLike, at: readonly number[], axis: number): Variable {
  const last = x.shape[axis] - 1;
  const lower = at.map((c) => Math.min(Math.floor(c), last));
  const weights = at.map((c, i) => c - lower[i]);
  const low = takeAlong(x, lower, axis);
  if (weights.every((w) => w === 0)) return low;
  const upper = lower.map((i) => Math.min(i + 1, last));
  const high = takeAlong(x, upper, axis);
  const rest = weights.map((w) => 1 - w);
  return add(mul(low, alongAxis(rest, axis, x)), mul(high, alongAxis(weights, axis, x)));
}

/**
 * Images in another size: x (N, C, H, W) → (N, C, h, w) with `outputShape` [h, w]. Follows
 * chainer.functions.resize_images.
 *
 * @throws ShapeError if x is not (N, C, H, W) or has no pixels, ValueError for an unknown mode or a size below 1,
 *   DTypeError unless x is floating.
 */
export function resizeImages(
  x: FunctionOperand,
  outputShape: readonly number[],
  options: ResizeImagesOptions = {},
): Variable {
  x = input('resizeImages', 'x', x);
  checkOptions('resizeImages', options, { mode: 1, alignCorners: 1 });
  const { mode = 'bilinear', alignCorners = true } = options;
  const op = 'resizeImages';
  checkFloating(op, arrayOf(x));
  checkNdim(op, 'x', x, 'N, C, H, W');
  if (mode !== 'bilinear' && mode !== 'nearest') {
    throw new ValueError(`${op}: mode is '${String(mode)}', expected 'bilinear' or 'nearest'`);
  }
  checkList(op, 'outputShape', outputShape);
  if (outputShape.length !== 2 || outputShape.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new ValueError(`${op}: outputShape is ${formatShape(outputShape)}, expected a height and a width`);
  }
  if (x.shape[2] === 0 || x.shape[3] === 0) throw new ShapeError(`${op}: x ${formatShape(x.shape)} has no pixels`);
  checkPlaces(op, arrayOf(x), [...x.shape.slice(0, 2), ...outputShape]);
  const at = outputShape.map((size, i) => coordinates(x.shape[2 + i], size, { mode, alignCorners }));
  return sampleAlong(sampleAlong(x, at[0], 2), at[1], 3);
}
