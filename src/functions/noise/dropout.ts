import { composed } from '../../core/composed.js';
import { config } from '../../core/config.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { astype, multiply, type NDArray } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import {
  arrayOf,
  checkAlike,
  checkFloating,
  checkSameShape,
  checkScalars,
  type FunctionOperand,
  input,
} from '../arguments/operands.js';
import { masked } from './masking.js';
import { checkRatio, drawKept } from './ratio.js';

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** A mask of the shape and dtype of x, instead of a random one. The result is x·mask, so kept elements have 1 / (1 − ratio). */
  mask?: VariableLike | null;
  /** Also return the mask, which is null in test mode. Default false. */
  returnMask?: boolean;
}

/**
 * In training, sets each element of x to 0 with probability `ratio`, and multiplies the others by 1 / (1 − ratio). In test mode,
 * returns x itself. Follows chainer.functions.dropout (arXiv:1207.0580).
 *
 * @example
 * const x = np.array([1, 2]);
 * usingConfig('train', false, () => F.dropout(x, 0.5).tolist()); // [1, 2]
 *
 * @param ratio default 0.5
 * @throws ValueError unless 0 ≤ ratio < 1, DTypeError unless x is floating, ShapeError if the mask has another shape.
 */
export function dropout(
  x: FunctionOperand,
  ratio: number | undefined,
  options: DropoutOptions & { returnMask: true },
): [y: Variable, mask: NDArray | null];
export function dropout(
  x: FunctionOperand,
  ratio?: number,
  options?: DropoutOptions & { returnMask?: false },
): Variable;
export function dropout(
  x: FunctionOperand,
  ratio = 0.5,
  options: DropoutOptions = {},
): Variable | [y: Variable, mask: NDArray | null] {
  x = input('dropout', 'x', x);
  checkScalars('dropout', { ratio });
  checkOptions('dropout', options, { mask: 1, returnMask: 1 });
  return composed(() => {
    const { mask = null, returnMask = false } = options;
    checkRatio('dropout', ratio);
    const array = arrayOf(x);
    checkFloating('dropout', array);
    if (!config.train) return returnMask ? [asVariable(x), null] : asVariable(x);
    const given = mask === null ? drawMask(array, ratio) : arrayOf(mask);
    checkAlike('dropout', array, given);
    checkSameShape('dropout', array, given);
    const y = masked(x, given);
    return returnMask ? [y, given] : y;
  });
}

/** 1 / (1 − ratio) where an element is kept, else 0. */
function drawMask(x: NDArray, ratio: number): NDArray {
  return multiply(astype(drawKept(ratio, x.shape, x.device), x.dtype), 1 / (1 - ratio));
}
