import { composed } from '../../core/composed.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { divide, equal, mean, square, subtract, sum, where } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkSameShape, type FunctionOperand, input } from '../arguments/operands.js';

/** Options of {@link r2Score}. */
export interface R2ScoreOptions {
  /** Must be null: weights are not supported, as in Chainer. */
  sampleWeight?: null;
  /** `uniform_average` gives the mean over outputs, `raw_values` the score of each. Default `uniform_average`. */
  multioutput?: 'uniform_average' | 'raw_values';
}

/**
 * The coefficient of determination, 1 − Σ(truth − pred)² / Σ(truth − mean)², sums over axis 0; 0 where the truth is
 * constant. pred and truth (N, …) → 0-d, or (…) of raw values. No gradient. Follows chainer.functions.r2_score.
 *
 * @throws ShapeError if shapes differ, DTypeError if dtypes differ or are not floating, ValueError unless
 *   `sampleWeight` is null and `multioutput` is known.
 */
export function r2Score(pred: FunctionOperand, truth: FunctionOperand, options: R2ScoreOptions = {}): Variable {
  pred = input('r2Score', 'pred', pred, truth);
  truth = input('r2Score', 'truth', truth, pred);
  checkOptions('r2Score', options, { sampleWeight: 1, multioutput: 1 });
  return composed(() => {
    const { sampleWeight = null, multioutput = 'uniform_average' } = options;
    if (sampleWeight !== null) throw new ValueError('r2Score: sampleWeight is not supported');
    if (multioutput !== 'uniform_average' && multioutput !== 'raw_values') {
      throw new ValueError(`r2Score: multioutput is '${multioutput}', expected 'uniform_average' or 'raw_values'`);
    }
    const [guess, target] = [arrayOf(pred), arrayOf(truth)];
    checkFloating('r2Score', guess, target);
    checkSameShape('r2Score', guess, target);
    const residual = sum(square(subtract(guess, target)), 0);
    const total = sum(square(subtract(target, mean(target, 0))), 0);
    const constant = equal(total, 0);
    const scores = where(constant, 0, subtract(1, divide(residual, where(constant, 1, total))));
    return asVariable(multioutput === 'raw_values' ? scores : mean(scores));
  });
}
