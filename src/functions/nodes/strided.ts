/**
 * Reading an array through strides, and adding back through them, as differentiable functions. Each is the gradient of the other. Slices,
 * diagonals and other functions that pick elements at regular distances are made of them.
 */
import type { StridedView } from '../../backends/primitives.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { addToView, readView } from '../../ndarray/manipulation.js';
import { type NDArray, zeros } from '../../ndarray/np.js';
import { type Shape, stridesOf } from '../../ndarray/shape.js';

class ReadStrided extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly shape: Shape,
    private readonly view: StridedView,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [readView(x, this.shape, this.view)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new AddStrided(this.#from, this.view).apply([gy]);
  }
}

class AddStrided extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly shape: Shape,
    private readonly view: StridedView,
  ) {
    super();
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    this.#from = gy.shape;
    const gx = zeros(this.shape, { dtype: gy.dtype, device: gy.device.name });
    addToView(gy, gx, this.view);
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new ReadStrided(this.#from, this.view).apply([ggx]);
  }
}

/** The array of `shape` whose elements the view reads from x. An element that is read twice gets the sum of both gradients. */
export function readStrided(x: VariableLike, shape: Shape, view: StridedView): Variable {
  return new ReadStrided(shape, view).apply([x])[0];
}

/** x[…, start : start + length, …] along a non-negative axis. */
export function sliceAlong(x: VariableLike, axis: number, start: number, length: number): Variable {
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((n, k) => (k === axis ? length : n));
  return readStrided(x, shape, { offset: length > 0 ? start * strides[axis] : 0, strides });
}
