import type { Pool2dGeometry } from '../../backends/backend.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkFloating } from '../operands.js';
import type { Sizes } from '../pairs.js';
import { pooledShape, poolGeometry } from './pool-geometry.js';

class AveragePooling2d extends FunctionNode {
  readonly #geometry: Pool2dGeometry;
  #from: Shape = [];

  constructor(geometry: Pool2dGeometry) {
    super();
    this.#geometry = geometry;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('averagePooling2d', x);
    this.#from = x.shape;
    const y = allocate(pooledShape('averagePooling2d', x, this.#geometry, false), x.dtype, x.device);
    x.device.averagePool2d(x, this.#geometry, y);
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new AveragePooling2dGrad(this.#geometry, this.#from).apply([gy]);
  }
}

class AveragePooling2dGrad extends FunctionNode {
  readonly #geometry: Pool2dGeometry;
  readonly #shape: Shape;

  constructor(geometry: Pool2dGeometry, shape: Shape) {
    super();
    this.#geometry = geometry;
    this.#shape = shape;
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    const gx = allocate(this.#shape, gy.dtype, gy.device);
    gy.device.averagePool2dGrad(gy, this.#geometry, gx);
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new AveragePooling2d(this.#geometry).apply([ggx]);
  }
}

/**
 * The mean over windows, padding counted as zeros: x (N, C, H, W) → (N, C, oh, ow). Follows
 * chainer.functions.average_pooling_2d.
 *
 * @param stride default: `ksize`
 * @param pad default 0
 * @throws ShapeError if x is not (N, C, H, W) or no window fits, DTypeError unless floating.
 */
export function averagePooling2d(x: VariableLike, ksize: Sizes, stride: Sizes | null = null, pad: Sizes = 0): Variable {
  return new AveragePooling2d(poolGeometry('averagePooling2d', ksize, stride, pad)).apply([x])[0];
}
