/**
 * Reading an array through strides, and adding back through them: the two halves, adjoint to one another, of slices,
 * diagonals and everything else that picks elements at regular distances. The functions in array/ choose the strides.
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

/** The dense array of `shape` that the view visits in x's elements; those visited twice get both gradients. */
export function readStrided(x: VariableLike, shape: Shape, view: StridedView): Variable {
  return new ReadStrided(shape, view).apply([x])[0];
}

/** `length` places of x along a non-negative axis, from `start` on. */
export function sliceAlong(x: VariableLike, axis: number, start: number, length: number): Variable {
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((n, k) => (k === axis ? length : n));
  return readStrided(x, shape, { offset: length > 0 ? start * strides[axis] : 0, strides });
}
