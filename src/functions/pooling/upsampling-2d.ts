import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkRange, labelsOf } from '../arguments/labels.js';
import { arrayOf, checkFloating, checkNdim, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { putAtMaxima } from './max-pooling-2d.js';
import { planeGeometry, unpooledSize, windowSizes } from './pool-geometry.js';

/** Options of {@link upsampling2d}. */
export interface Upsampling2dOptions {
  /** The (height, width) of the output, if several sizes fit. Default: the smallest. */
  outsize?: Sizes | null;
  /** Whether the pooling that this inverts let its last windows reach beyond its input. Default true. */
  coverAll?: boolean;
}

/**
 * Puts each element back at the position of its maximum, and zeros elsewhere: x (N, C, h, w) and int32 `indexes` of that shape, as
 * maxPooling2d returns them, → (N, C, H, W). Follows chainer.functions.upsampling_2d.
 *
 * @param stride default: `ksize`
 * @param pad default 0
 * @throws ShapeError if the shapes differ or `outsize` does not fit, DTypeError unless x is floating and indexes int32,
 *   IndexError for an index outside its window.
 */
export function upsampling2d(
  x: FunctionOperand,
  indexes: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: Upsampling2dOptions = {},
): Variable {
  x = input('upsampling2d', 'x', x);
  indexes = wholeInput('upsampling2d', 'indexes', indexes);
  checkOptions('upsampling2d', options, { outsize: 1, coverAll: 1 });
  const op = 'upsampling2d';
  const { outsize = null, coverAll = true } = options;
  checkFloating(op, arrayOf(x));
  checkNdim(op, 'x', x, 'N, C, h, w');
  const indices = labelsOf(op, indexes, 'indexes');
  if (!sameShape(indices.shape, x.shape)) {
    throw new ShapeError(`${op}: indexes ${formatShape(indices.shape)} do not fit x ${formatShape(x.shape)}`);
  }
  const window = windowSizes(op, x, ksize, stride, pad);
  checkRange(op, indices, window.ksize[0] * window.ksize[1], ['place', 'places of a window']);
  const size = unpooledSize(op, x, window, coverAll, outsize);
  return putAtMaxima(x, indices, planeGeometry(window), [x.shape[0], x.shape[1], ...size]);
}
