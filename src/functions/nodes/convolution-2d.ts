/**
 * Convolution over two axes, and all its gradients, as one node.
 *
 * Σ y·convolve(x, W) is linear in each of x (N, C, H, W), W (O, C/groups, kh, kw) and y (N, O, oh, ow). So the gradient in each of
 * the three is a function of the other two, and these functions are one another's gradients:
 *
 *     y from (x, W)   convolution
 *     x from (y, W)   transposed convolution
 *     W from (x, y)   gradient of the weight
 */
import type { Conv2dGeometry } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { type Shape, sizeOf } from '../../ndarray/shape.js';
import { checkFloating } from '../arguments/operands.js';
import { sum } from '../math/sum.js';

/** The three arrays of a convolution. */
const [X, W, Y] = [0, 1, 2] as const;
type Which = typeof X | typeof W | typeof Y;

/** The two arrays that each array is computed from, by the array that is computed. */
const OPERANDS = [
  [Y, W],
  [X, Y],
  [X, W],
] as const;

const LABELS = ['Deconvolution2d', 'Convolution2dGradWeight', 'Convolution2d'] as const;

type Inputs = [first: NDArray, second: NDArray, bias?: NDArray];

class Convolution2d extends FunctionNode<Inputs> {
  /**
   * @param result the array that is computed
   * @param shape the shape of the result, which also says how far the last windows reach
   */
  constructor(
    private readonly result: Which,
    private readonly geometry: Conv2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override get label(): string {
    return LABELS[this.result];
  }

  override forward([first, second, bias]: Inputs): NDArray[] {
    const { result, geometry } = this;
    const { device, dtype } = first;
    checkFloating(result === X ? 'deconvolution2d' : 'convolution2d', first, second, ...(bias ? [bias] : []));
    this.retainInputs(0, 1);
    const out = allocate(this.shape, dtype, device);
    if (result === Y) device.conv2d(first, second, bias ?? null, geometry, out);
    else if (result === W) device.conv2dGradWeight(first, second, geometry, out);
    else {
      device.conv2dGradInput(first, second, geometry, out);
      if (bias) device.binary('add', out, bias.reshape(1, -1, 1, 1), out);
    }
    return [out];
  }

  /** Each element of y meets one filter. */
  override macs([first, second]: readonly NDArray[], out: NDArray): number {
    const [y, w] = [
      [first, second],
      [second, out],
      [out, second],
    ][this.result];
    return y.size * sizeOf(w.shape.slice(1));
  }

  override backward(targets: readonly number[], [gradient]: readonly Variable[]): Variable[] {
    const [first, second] = OPERANDS[this.result];
    const arrays: Variable[] = [];
    [arrays[first], arrays[second]] = this.getRetainedInputs();
    arrays[this.result] = gradient;
    return targets.map((i) => {
      if (i === 2) return sum(gradient, [0, 2, 3]);
      const target = i === 0 ? first : second;
      const inputs = OPERANDS[target].map((which) => arrays[which]);
      return new Convolution2d(target, this.geometry, arrays[target].shape).apply([inputs[0], inputs[1]])[0];
    });
  }
}

/** The convolution of x with w. The caller computes the shape of the result. */
export function convolve(
  x: VariableLike,
  w: VariableLike,
  b: VariableLike | null,
  geometry: Conv2dGeometry,
  shape: Shape,
): Variable {
  return new Convolution2d(Y, geometry, shape).apply(b ? [x, w, b] : [x, w])[0];
}

/** The transposed convolution of y with w. The caller computes the shape of the result. */
export function convolveTransposed(
  y: VariableLike,
  w: VariableLike,
  b: VariableLike | null,
  geometry: Conv2dGeometry,
  shape: Shape,
): Variable {
  return new Convolution2d(X, geometry, shape).apply(b ? [y, w, b] : [y, w])[0];
}
