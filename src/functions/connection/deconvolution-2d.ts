import type { Conv2dGeometry } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { formatShape, type Shape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, sizes, unwindowedLength, windowCount } from '../arguments/window-sizes.js';
import { sum } from '../math/sum.js';
import { checkChannels } from './channels.js';
import { convolution2dGradWeight, convolveWith } from './convolution-2d.js';

/** Options of {@link deconvolution2d}. */
export interface Deconvolution2dOptions {
  /** The output's (height, width), where several fit. Default: the smallest that fits. */
  outsize?: Sizes | null;
  /** Distance between the pixels one window writes. Default 1. */
  dilate?: Sizes;
  /** Groups of channels that are treated apart. Default 1. */
  groups?: number;
}

class Deconvolution2d extends FunctionNode {
  constructor(
    private readonly geometry: Conv2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([x, w, b]: readonly NDArray[]): NDArray[] {
    checkFloating('deconvolution2d', ...(b ? [x, w, b] : [x, w]));
    this.retainInputs(0, 1);
    const y = allocate(this.shape, x.dtype, x.device);
    x.device.conv2dGradInput(x, w, this.geometry, y);
    if (b) x.device.binary('add', y, b.reshape(1, -1, 1, 1), y);
    return [y];
  }

  override macs([x, w]: readonly NDArray[]): number {
    return x.size * sizeOf(w.shape.slice(1));
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x, w] = this.getRetainedInputs();
    return targets.map((i) => {
      if (i === 0) return convolveWith(gy, w, null, this.geometry, x.shape);
      if (i === 1) return convolution2dGradWeight(gy, x, this.geometry, w.shape);
      return sum(gy, [0, 2, 3]);
    });
  }
}

/**
 * The spatial size of a transposed convolution's output: the smallest that fits, or the one asked for.
 *
 * @throws ShapeError if a convolution of the size asked for would not give x's size, covering all or not.
 */
export function deconvolvedSize(
  op: string,
  x: VariableLike,
  W: VariableLike,
  geometry: Readonly<Record<'stride' | 'pad' | 'dilation', readonly number[]>>,
  outsize: Sizes | null,
): number[] {
  const counts = x.shape.slice(2);
  const asked = outsize === null ? null : sizes(op, 'outsize', outsize, counts.length, 1);
  return counts.map((count, k) => {
    const [ksize, stride, pad, dilation] = [W.shape[k + 2], geometry.stride[k], geometry.pad[k], geometry.dilation[k]];
    if (!asked) return unwindowedLength(op, count, ksize, stride, pad, false, dilation);
    const least = windowCount(op, asked[k], ksize, stride, pad, false, dilation);
    const most = windowCount(op, asked[k], ksize, stride, pad, true, dilation);
    if (count < least || count > most) {
      throw new ShapeError(
        `${op}: an outsize of ${asked[k]} has ${least} to ${most} windows but x has ${count} (x ${formatShape(x.shape)}, W ${formatShape(W.shape)})`,
      );
    }
    return asked[k];
  });
}

/** Transposed convolution to a known output shape, as in gradients. */
export function deconvolveWith(
  x: VariableLike,
  w: VariableLike,
  b: VariableLike | null,
  geometry: Conv2dGeometry,
  outShape: Shape,
): Variable {
  return new Deconvolution2d(geometry, outShape).apply(b ? [x, w, b] : [x, w])[0];
}

/**
 * Transposed two-dimensional convolution, the adjoint of {@link convolution2d} in its input: x (N, C, h, w),
 * W (C, O/groups, kh, kw), b (O,) → (N, O, H, W) with H = sy·(h−1) + (kh−1)·dy + 1 − 2·ph unless `outsize` says
 * otherwise. Follows chainer.functions.deconvolution_2d.
 *
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function deconvolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: Deconvolution2dOptions = {},
): Variable {
  x = input('deconvolution2d', 'x', x, W);
  W = input('deconvolution2d', 'W', W, x);
  if (b !== null) b = input('deconvolution2d', 'b', b, x);
  checkOptions('deconvolution2d', options, { outsize: 1, dilate: 1, groups: 1 });
  const { outsize = null, dilate = 1, groups = 1 } = options;
  const op = 'deconvolution2d';
  checkNdim(op, 'W', W, 'C, O/groups, kh, kw');
  checkNdim(op, 'x', x, 'N, C, h, w', W.shape[0]);
  const geometry: Conv2dGeometry = {
    stride: pair(op, 'stride', stride, 1),
    pad: pair(op, 'pad', pad, 0),
    dilation: pair(op, 'dilate', dilate, 1),
    groups,
  };
  checkChannels(op, 'input first', x, W, b, groups);
  const size = deconvolvedSize(op, x, W, geometry, outsize);
  return deconvolveWith(x, W, b, geometry, [x.shape[0], W.shape[1] * groups, ...size]);
}
