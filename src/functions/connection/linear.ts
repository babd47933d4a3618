import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { matmul as matmulArrays, type NDArray } from '../../ndarray/np.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { matmul } from '../math/matmul.js';
import { sum } from '../math/sum.js';

/** Options of {@link linear}. */
export interface LinearOptions {
  /** The number of leading axes of x that are batch axes; the others are flattened. Default 1. */
  nBatchAxes?: number;
}

type Inputs = [x: NDArray, W: NDArray, b?: NDArray];

class Linear extends FunctionNode<Inputs> {
  override forward([x, w, b]: Inputs): NDArray[] {
    checkFloating('linear', x, w, ...(b ? [b] : []));
    if (b && (b.ndim !== 1 || b.shape[0] !== w.shape[0])) {
      throw new ShapeError(
        `linear: b ${formatShape(b.shape)} does not fit ${w.shape[0]} outputs (W ${formatShape(w.shape)})`,
      );
    }
    this.retainInputs(0, 1);
    return [matmulArrays(x, w, { transB: true, bias: b })];
  }

  override macs([, w]: readonly NDArray[], y: NDArray): number {
    return y.size * w.shape[1];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x, w] = this.getRetainedInputs();
    return targets.map((i) => {
      if (i === 0) return matmul(gy, w);
      if (i === 1) return matmul(gy, x, true, false);
      return sum(gy, 0);
    });
  }
}

const KNOWN = { nBatchAxes: 1 };

/**
 * y = x·Wᵀ + b. x (N, …) flattened to (N, in), W (out, in), b (out,) → (N, out). Follows chainer.functions.linear.
 *
 * @example
 * const W = np.array([[1, 0, 1]]);
 * F.linear(np.array([[1, 2, 3]]), W, np.array([0.5])).tolist(); // [[4.5]]
 *
 * @throws ShapeError if sizes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function linear(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  options: LinearOptions = {},
): Variable {
  x = input('linear', 'x', x, W);
  W = input('linear', 'W', W, x);
  if (b !== null) b = input('linear', 'b', b, x);
  checkOptions('linear', options, KNOWN);
  const { nBatchAxes = 1 } = options;
  if (!Number.isInteger(nBatchAxes) || nBatchAxes < 1 || nBatchAxes >= Math.max(2, x.shape.length)) {
    throw new ShapeError(
      `linear: nBatchAxes ${nBatchAxes} leaves no axis for the features of x ${formatShape(x.shape)}`,
    );
  }
  const batch = x.shape.slice(0, nBatchAxes);
  const features = x.shape.length === 2 ? x.shape[1] : sizeOf(x.shape.slice(nBatchAxes));
  if (W.shape.length !== 2 || features !== W.shape[1]) {
    const remedy =
      sizeOf(x.shape) === W.shape[1] ? `; a batch axis is missing: x.reshape([1, ${x.shape.join(', ')}])` : '';
    throw new ShapeError(
      `linear: x has ${features} features but W expects ${W.shape[1]} (x ${formatShape(x.shape)}, W ${formatShape(W.shape)})${remedy}`,
    );
  }
  const flat = x.shape.length === 2 ? x : reshape(x, [sizeOf(batch), features]);
  const y = new Linear().apply(b ? [flat, W, b] : [flat, W])[0];
  return nBatchAxes === 1 ? y : reshape(y, [...batch, W.shape[0]]);
}
