import type { Pool2dGeometry } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { pooledShape, poolGeometry } from './pool-geometry.js';

class AveragePooling2d extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly geometry: Pool2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    const y = allocate(this.shape, x.dtype, x.device);
    x.device.averagePool2d(x, this.geometry, y);
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [spreadOverWindows(gy, this.geometry, this.#from)];
  }
}

class AveragePooling2dGrad extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly geometry: Pool2dGeometry,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    this.#from = gy.shape;
    const gx = allocate(this.shape, gy.dtype, gy.device);
    gy.device.averagePool2dGrad(gy, this.geometry, gx);
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new AveragePooling2d(this.geometry, this.#from).apply([ggx]);
  }
}

/** Spreads each element evenly over its window in an image of `shape`: the adjoint of average pooling. */
export function spreadOverWindows(x: VariableLike, geometry: Pool2dGeometry, shape: Shape): Variable {
  return new AveragePooling2dGrad(geometry, shape).apply([x])[0];
}

/**
 * The mean over windows, where padding counts as zeros: x (N, C, H, W) → (N, C, oh, ow). Follows
 * chainer.functions.average_pooling_2d.
 *
 * @example
 * const x = np.arange(16).astype('float32').reshape(1, 1, 4, 4);
 * F.averagePooling2d(x, 2).tolist(); // [[[[2.5, 4.5], [10.5, 12.5]]]]
 *
 * @param stride default: `ksize`
 * @param pad default 0
 * @throws ShapeError if x is not (N, C, H, W) or no window fits, DTypeError unless x is floating.
 */
export function averagePooling2d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
): Variable {
  x = input('averagePooling2d', 'x', x);
  const op = 'averagePooling2d';
  checkFloating(op, arrayOf(x));
  const geometry = poolGeometry(op, ksize, stride, pad);
  return new AveragePooling2d(geometry, pooledShape(op, x, geometry, false)).apply([x])[0];
}
