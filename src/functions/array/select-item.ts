import { composed } from '../../core/composed.js';
import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { gather } from '../../ndarray/manipulation.js';
import { add, arange, multiply, type NDArray, zeros } from '../../ndarray/np.js';
import { formatShape, type Shape } from '../../ndarray/shape.js';
import { checkLabels, labelsOf } from '../arguments/labels.js';
import { type FunctionOperand, input, wholeInput } from '../arguments/operands.js';

class TakeFlat extends FunctionNode<readonly NDArray[], [places: NDArray]> {
  #from: Shape = [];

  /** @param places flat positions of the selected elements */
  constructor(places: NDArray) {
    super();
    this.save(places);
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    const [places] = this.saved;
    this.#from = x.shape;
    return [gather(x.reshape(-1), places, 0)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new PutFlat(...this.saved, this.#from).apply([gy]);
  }
}

class PutFlat extends FunctionNode<readonly NDArray[], [places: NDArray]> {
  constructor(
    places: NDArray,
    private readonly shape: Shape,
  ) {
    super();
    this.save(places);
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    const [places] = this.saved;
    const gx = zeros(this.shape, { dtype: gy.dtype, device: gy.device.name });
    // The primitive adds along one axis.
    gy.device.scatterAdd(gy.reshape(-1), places.reshape(-1), 0, gx.reshape(-1));
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new TakeFlat(...this.saved).apply([ggx]);
  }
}

/** The elements of x at flat int32 positions, as a differentiable function. */
export function takeFlat(x: VariableLike, places: NDArray): Variable {
  return new TakeFlat(places).apply([x])[0];
}

/**
 * y[i] = x[i, t[i]]. x (N, C), t (N,) int32 → (N,). Follows chainer.functions.select_item.
 *
 * @throws IndexError if a label is not in [0, C), ShapeError if the shapes do not fit, DTypeError unless t is int32.
 */
export function selectItem(x: FunctionOperand, t: FunctionOperand): Variable {
  x = input('selectItem', 'x', x);
  t = wholeInput('selectItem', 't', t);
  return composed(() => {
    const labels = labelsOf('selectItem', t);
    const [n, c] = x.shape;
    if (x.shape.length !== 2 || labels.ndim !== 1 || labels.shape[0] !== n) {
      throw new ShapeError(
        `selectItem: x ${formatShape(x.shape)} and t ${formatShape(labels.shape)}, expected (N, C) and (N,)`,
      );
    }
    checkLabels('selectItem', labels, c);
    const rows = arange(0, n, 1, { device: labels.device.name });
    return takeFlat(x, add(multiply(rows, c), labels));
  });
}
