import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { toHostArray } from '../../ndarray/dtype.js';
import { fromHost } from '../../ndarray/ndarray.js';
import { formatShape, type Shape, sizeOf } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes } from '../arguments/window-sizes.js';
import { concat } from '../array/concat.js';
import { pad as padWith } from '../array/pad.js';
import { reshape } from '../array/reshape.js';
import { spatialTransformerSampler } from '../array/spatial-transformer-sampler.js';
import { transpose } from '../array/transpose.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { sliceAlong } from '../nodes/strided.js';
import { convolution2d } from './convolution-2d.js';

/** The coordinates along one axis that the windows read without offsets: (1, positions, oh, ow). */
function regularPlaces(ksize: Shape, axis: number, stride: number, shape: Shape): number[] {
  const [kh, kw] = ksize;
  const [oh, ow] = shape;
  return Array.from({ length: kh * kw * oh * ow }, (_, i) => {
    const position = Math.floor(i / (oh * ow));
    const pixel = i % (oh * ow);
    return axis === 0
      ? Math.floor(position / kw) + stride * Math.floor(pixel / ow)
      : (position % kw) + stride * (pixel % ow);
  });
}

/**
 * Convolution whose windows read at moved positions, with linear interpolation between pixels. x (N, C, H, W); offset
 * (N, 2·kh·kw, oh, ow), the horizontal moves of all window positions, then the vertical ones; W (O, C, kh, kw), b (O,) →
 * (N, O, oh, ow). Follows chainer.functions.deformable_convolution_2d_sampler (Dai et al., arXiv:1703.06211).
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deformableConvolution2dSampler(
  x: FunctionOperand,
  offset: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
): Variable {
  x = input('deformableConvolution2dSampler', 'x', x, offset);
  offset = input('deformableConvolution2dSampler', 'offset', offset, x);
  W = input('deformableConvolution2dSampler', 'W', W, x);
  if (b !== null) b = input('deformableConvolution2dSampler', 'b', b, x);
  const op = 'deformableConvolution2dSampler';
  checkNdim(op, 'x', x, 'N, C, H, W');
  checkNdim(op, 'W', W, 'O, C, kh, kw');
  checkNdim(op, 'offset', offset, 'N, 2·kh·kw, oh, ow');
  checkFloating(op, ...[x, offset, W, ...(b ? [b] : [])].map(arrayOf));
  const [n, c, ...lengths] = x.shape;
  const [o, , ...ksize] = W.shape;
  const [batch, moves, ...counts] = offset.shape;
  const positions = sizeOf(ksize);
  if (batch !== n || moves !== 2 * positions) {
    throw new ShapeError(
      `${op}: offset ${formatShape(offset.shape)} for x ${formatShape(x.shape)} and W ${formatShape(W.shape)}, ` +
        `expected (${n}, ${2 * positions}, oh, ow)`,
    );
  }
  const s = pair(op, 'stride', stride, 1);
  const p = pair(op, 'pad', pad, 0);
  const padded = padWith(
    x,
    [
      [0, 0],
      [0, 0],
      [p[0], p[0]],
      [p[1], p[1]],
    ],
    'constant',
  );
  // The sampler counts from -1 at the first pixel to 1 at the last.
  const coordinate = (axis: number) => {
    const places = regularPlaces(ksize, axis, s[axis], counts);
    const regular = fromHost(toHostArray(places, x.dtype), [1, positions, ...counts], x.dtype, arrayOf(x).device);
    const at = add(sliceAlong(offset, 1, axis === 1 ? 0 : positions, positions), regular);
    const scale = 2 / Math.max(lengths[axis] + 2 * p[axis] - 1, 1);
    return reshape(add(mul(at, scale), -1), [n, 1, positions, sizeOf(counts)]);
  };
  const sampled = spatialTransformerSampler(padded, concat([coordinate(1), coordinate(0)], 1));
  // (N, C, positions, oh·ow) → one image of a window's size for each output pixel
  const windows = reshape(transpose(sampled, [0, 3, 1, 2]), [n * sizeOf(counts), c, ...ksize]);
  const y = reshape(convolution2d(windows, W, b), [n, ...counts, o]);
  return transpose(y, [0, 3, 1, 2]);
}
