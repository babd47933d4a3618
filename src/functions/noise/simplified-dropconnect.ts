import { composed } from '../../core/composed.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { astype, type NDArray } from '../../ndarray/np.js';
import { formatShape, sameShape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { linear } from '../connection/linear.js';
import { add } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { mul } from '../math/multiply.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { masked } from './masking.js';
import { checkRatio, drawKept } from './ratio.js';

/** Options of {@link simplifiedDropconnect}. */
export interface SimplifiedDropconnectOptions {
  /** Whether weights are dropped. If false, it computes F.linear. Default true. */
  train?: boolean;
  /** A mask with 1 for weights that are kept and 0 for others, (N, out, in) or (out, in), instead of a random one. */
  mask?: VariableLike | null;
  /** Draw a mask for each sample of the batch. Default true. */
  useBatchwiseMask?: boolean;
}

/**
 * F.linear with each weight set to 0 with probability `ratio`, and the others multiplied by 1 / (1 − ratio). x (N, …)
 * flattened to (N, in), W (out, in), b (out,) → (N, out). Follows chainer.functions.simplified_dropconnect.
 *
 * @param ratio default 0.5
 * @throws ValueError unless 0 ≤ ratio < 1, ShapeError if shapes do not fit, DTypeError if dtypes differ or are not
 *   floating.
 */
export function simplifiedDropconnect(
  x: FunctionOperand,
  W: FunctionOperand,
  b: FunctionOperand | null = null,
  ratio = 0.5,
  options: SimplifiedDropconnectOptions = {},
): Variable {
  x = input('simplifiedDropconnect', 'x', x, W);
  W = input('simplifiedDropconnect', 'W', W, x);
  if (b !== null) b = input('simplifiedDropconnect', 'b', b, x);
  checkScalars('simplifiedDropconnect', { ratio });
  checkOptions('simplifiedDropconnect', options, { train: 1, mask: 1, useBatchwiseMask: 1 });
  return composed(() => {
    const { train = true, mask = null, useBatchwiseMask = true } = options;
    const op = 'simplifiedDropconnect';
    checkRatio(op, ratio);
    const inputs = [x, W, ...(b ? [b] : [])].map(arrayOf);
    checkFloating(op, ...inputs);
    if (!train && mask === null) return linear(x, W, b);
    const [n, weights] = [x.shape[0], inputs[1]];
    const size = sizeOf(x.shape.slice(1));
    if (x.shape.length < 2 || W.shape.length !== 2 || size !== W.shape[1]) {
      throw new ShapeError(`${op}: x ${formatShape(x.shape)} does not fit W ${formatShape(W.shape)}`);
    }
    if (b && !sameShape(b.shape, [W.shape[0]])) {
      throw new ShapeError(`${op}: b ${formatShape(b.shape)} does not fit ${W.shape[0]} outputs`);
    }
    const perSample = [n, ...W.shape];
    const kept =
      mask === null ? drawKept(ratio, useBatchwiseMask ? perSample : W.shape, weights.device) : arrayOf(mask);
    const scaled = mul(W, 1 / (1 - (train ? ratio : 0)));
    const chosen: NDArray = astype(kept, weights.dtype);
    if (sameShape(chosen.shape, W.shape)) return linear(x, masked(scaled, chosen), b);
    if (!sameShape(chosen.shape, perSample)) {
      throw new ShapeError(
        `${op}: mask ${formatShape(chosen.shape)}, expected ${formatShape(perSample)} or ${formatShape(W.shape)}`,
      );
    }
    const products = matmul(masked(broadcastTo(scaled, perSample), chosen), reshape(x, [n, size, 1]));
    const y = reshape(products, [n, W.shape[0]]);
    return b ? add(y, b) : y;
  });
}
