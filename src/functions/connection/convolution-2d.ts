import type { Conv2dGeometry } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { type Shape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes, windowCounts } from '../arguments/window-sizes.js';
import { sum } from '../math/sum.js';
import { checkChannels } from './channels.js';
import { deconvolveWith } from './deconvolution-2d.js';

/** Options of {@link convolution2d}. */
export interface Convolution2dOptions {
  /** Let the last windows reach beyond the input, so that every pixel is seen. Default false. */
  coverAll?: boolean;
  /** Distance between the pixels one window reads. Default 1. */
  dilate?: Sizes;
  /** Groups of channels that are convolved apart. Default 1. */
  groups?: number;
}

class Convolution2d extends FunctionNode {
  constructor(
    private readonly geometry: Conv2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([x, w, b]: readonly NDArray[]): NDArray[] {
    checkFloating('convolution2d', ...(b ? [x, w, b] : [x, w]));
    this.retainInputs(0, 1);
    const y = allocate(this.shape, x.dtype, x.device);
    x.device.conv2d(x, w, b ?? null, this.geometry, y);
    return [y];
  }

  override macs([, w]: readonly NDArray[], y: NDArray): number {
    return y.size * sizeOf(w.shape.slice(1)); // each element of y meets one filter
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x, w] = this.getRetainedInputs();
    return targets.map((i) => {
      if (i === 0) return deconvolveWith(gy, w, null, this.geometry, x.shape);
      if (i === 1) return convolution2dGradWeight(x, gy, this.geometry, w.shape);
      return sum(gy, [0, 2, 3]);
    });
  }
}

/** (x, gy) ↦ gw, the adjoint of convolution in its weight. */
class Convolution2dGradWeight extends FunctionNode {
  constructor(
    private readonly geometry: Conv2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([x, gy]: readonly NDArray[]): NDArray[] {
    this.retainInputs(0, 1);
    const gw = allocate(this.shape, x.dtype, x.device);
    x.device.conv2dGradWeight(x, gy, this.geometry, gw);
    return [gw];
  }

  override backward(targets: readonly number[], [ggw]: readonly Variable[]): Variable[] {
    const [x, gy] = this.getRetainedInputs();
    return targets.map((i) =>
      i === 0
        ? deconvolveWith(gy, ggw, null, this.geometry, x.shape)
        : convolveWith(x, ggw, null, this.geometry, gy.shape),
    );
  }
}

/** The gradient in the weight, of `shape`, as a differentiable function of the input and the output's gradient. */
export function convolution2dGradWeight(
  x: VariableLike,
  gy: VariableLike,
  geometry: Conv2dGeometry,
  shape: Shape,
): Variable {
  return new Convolution2dGradWeight(geometry, shape).apply([x, gy])[0];
}

/** Convolution whose output has a known shape, as in gradients: the shape tells how far the last windows reach. */
export function convolveWith(
  x: VariableLike,
  w: VariableLike,
  b: VariableLike | null,
  geometry: Conv2dGeometry,
  outShape: Shape,
): Variable {
  return new Convolution2d(geometry, outShape).apply(b ? [x, w, b] : [x, w])[0];
}

/**
 * Two-dimensional convolution (cross-correlation): y[n,o,i,j] = b[o] + Σ w[o,c,p,q]·x[n,c, i·sy+p·dy−ph, j·sx+q·dx−pw].
 * x (N, C, H, W), W (O, C/groups, kh, kw), b (O,) → (N, O, oh, ow); pixels outside x count as 0. Follows
 * chainer.functions.convolution_2d.
 *
 * @param stride default 1
 * @param pad zeros on each side, default 0
 * @throws ShapeError if channels, groups or sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function convolution2d(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  stride: Sizes = 1,
  pad: Sizes = 0,
  options: Convolution2dOptions = {},
): Variable {
  x = input('convolution2d', 'x', x, W);
  W = input('convolution2d', 'W', W, x);
  if (b !== null) b = input('convolution2d', 'b', b, x);
  checkOptions('convolution2d', options, { coverAll: 1, dilate: 1, groups: 1 });
  const { coverAll = false, dilate = 1, groups = 1 } = options;
  const op = 'convolution2d';
  const geometry = {
    stride: pair(op, 'stride', stride, 1),
    pad: pair(op, 'pad', pad, 0),
    dilation: pair(op, 'dilate', dilate, 1),
    groups,
  };
  checkNdim(op, 'W', W, 'O, C/groups, kh, kw');
  checkNdim(op, 'x', x, 'N, C, H, W', W.shape[1] * groups);
  checkChannels(op, 'output first', x, W, b, groups);
  const [height, width] = windowCounts(op, x, W.shape.slice(2), geometry, coverAll);
  return convolveWith(x, W, b, geometry, [x.shape[0], W.shape[0], height, width]);
}
