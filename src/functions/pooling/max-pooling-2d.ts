import type { Pool2dGeometry } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import { Variable, type VariableLike } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import type { Sizes } from '../arguments/window-sizes.js';
import { pooledShape, poolGeometry } from './pool-geometry.js';

/** Options of {@link maxPooling2d}. */
export interface MaxPooling2dOptions {
  /** Let the last windows reach beyond the input, so that they cover every pixel. Default true. */
  coverAll?: boolean;
  /** Also return the position of each maximum in its window, row-major. Default false. */
  returnIndices?: boolean;
}

class MaxPooling2d extends FunctionNode<readonly NDArray[], [indices: NDArray]> {
  #from: Shape = [];

  constructor(
    private readonly geometry: Pool2dGeometry,
    private readonly coverAll: boolean,
  ) {
    super();
  }

  /** The position of each maximum in its window. */
  get indices(): NDArray {
    return this.saved[0];
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('maxPooling2d', x);
    this.#from = x.shape;
    const shape = pooledShape('maxPooling2d', x, this.geometry, this.coverAll);
    const y = allocate(shape, x.dtype, x.device);
    const indices = allocate(shape, 'int32', x.device);
    this.save(indices);
    x.device.maxPool2d(x, this.geometry, y, indices);
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new MaxPooling2dGrad(this.geometry, this.indices, this.#from).apply([gy]);
  }
}

class MaxPooling2dGrad extends FunctionNode<readonly NDArray[], [indices: NDArray]> {
  constructor(
    private readonly geometry: Pool2dGeometry,
    indices: NDArray,
    private readonly shape: Shape,
  ) {
    super();
    this.save(indices);
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    const [indices] = this.saved;
    const gx = allocate(this.shape, gy.dtype, gy.device);
    gy.device.maxPool2dGrad(gy, indices, this.geometry, gx);
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new MaxPooling2dGather(this.geometry, ...this.saved).apply([ggx]);
  }
}

/** Puts each element at the position in its window that `indices` names, in an image of `shape`: the adjoint of max pooling. */
export function putAtMaxima(x: VariableLike, indices: NDArray, geometry: Pool2dGeometry, shape: Shape): Variable {
  return new MaxPooling2dGrad(geometry, indices, shape).apply([x])[0];
}

class MaxPooling2dGather extends FunctionNode<readonly NDArray[], [indices: NDArray]> {
  #from: Shape = [];

  constructor(
    private readonly geometry: Pool2dGeometry,
    indices: NDArray,
  ) {
    super();
    this.save(indices);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    const [indices] = this.saved;
    const y = allocate(indices.shape, x.dtype, x.device);
    x.device.maxPool2dGather(x, indices, this.geometry, y);
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new MaxPooling2dGrad(this.geometry, ...this.saved, this.#from).apply([gy]);
  }
}

/**
 * The maximum over windows: x (N, C, H, W) → (N, C, oh, ow). The first of equal maxima, row-major, gets the gradient.
 * With `returnIndices` it also returns the int32 position of each maximum in its window. Follows chainer.functions.max_pooling_2d.
 *
 * @example
 * const x = np.arange(16).astype('float32').reshape(1, 1, 4, 4);
 * F.maxPooling2d(x, 2).tolist(); // [[[[5, 7], [13, 15]]]]
 *
 * @param stride default: `ksize`
 * @param pad default 0; padding is never the maximum
 * @throws ShapeError if x is not (N, C, H, W) or no window fits, DTypeError unless x is floating.
 */
export function maxPooling2d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null | undefined,
  pad: Sizes | undefined,
  options: MaxPooling2dOptions & { returnIndices: true },
): [y: Variable, indices: Variable];
export function maxPooling2d(
  x: FunctionOperand,
  ksize: Sizes,
  stride?: Sizes | null,
  pad?: Sizes,
  options?: MaxPooling2dOptions & { returnIndices?: false },
): Variable;
export function maxPooling2d(
  x: FunctionOperand,
  ksize: Sizes,
  stride: Sizes | null = null,
  pad: Sizes = 0,
  options: MaxPooling2dOptions = {},
): Variable | [y: Variable, indices: Variable] {
  x = input('maxPooling2d', 'x', x);
  checkOptions('maxPooling2d', options, { coverAll: 1, returnIndices: 1 });
  const { coverAll = true, returnIndices = false } = options;
  const node = new MaxPooling2d(poolGeometry('maxPooling2d', ksize, stride, pad), coverAll);
  const [y] = node.apply([x]);
  return returnIndices ? [y, new Variable(node.indices)] : y;
}
