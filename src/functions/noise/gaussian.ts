import { composed } from '../../core/composed.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { astype, type NDArray, random } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkSameShape, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { exp } from '../math/exp.js';
import { mul } from '../math/multiply.js';
import { masked } from './masking.js';

/** Options of {@link gaussian}. */
export interface GaussianOptions {
  /** The numbers eps, of the shape and dtype of lnVar, instead of random ones. */
  eps?: VariableLike | null;
  /** Also return eps. Default false. */
  returnEps?: boolean;
}

/**
 * A draw from N(mean, exp(lnVar)) for each element: mean + exp(lnVar/2)·eps with eps from N(0, 1); gradients flow to both
 * parameters. Follows chainer.functions.gaussian.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function gaussian(
  mean: FunctionOperand,
  lnVar: FunctionOperand,
  options: GaussianOptions & { returnEps: true },
): [y: Variable, eps: NDArray];
export function gaussian(
  mean: FunctionOperand,
  lnVar: FunctionOperand,
  options?: GaussianOptions & { returnEps?: false },
): Variable;
export function gaussian(
  mean: FunctionOperand,
  lnVar: FunctionOperand,
  options: GaussianOptions = {},
): Variable | [y: Variable, eps: NDArray] {
  mean = input('gaussian', 'mean', mean, lnVar);
  lnVar = input('gaussian', 'lnVar', lnVar, mean);
  checkOptions('gaussian', options, { eps: 1, returnEps: 1 });
  return composed(() => {
    const { eps = null, returnEps = false } = options;
    const { shape, dtype, device } = arrayOf(lnVar);
    const noise = eps === null ? astype(random.drawOnDevice('normal', shape, device), dtype) : arrayOf(eps);
    checkFloating('gaussian', arrayOf(mean), arrayOf(lnVar), noise);
    checkSameShape('gaussian', mean, lnVar, noise);
    const y = add(mean, masked(exp(mul(lnVar, 0.5)), noise));
    return returnEps ? [y, noise] : y;
  });
}
