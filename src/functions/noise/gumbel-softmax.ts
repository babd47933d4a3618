import { composed } from '../../core/composed.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { astype, log, maximum, negative, onesLike, random } from '../../ndarray/np.js';
import { softmax } from '../activation/softmax.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { add } from '../math/add.js';
import { div } from '../math/divide.js';

/** The lower limit of random numbers, since log(0) is infinite. It is below the smallest positive number that the generator draws. */
const TINY = 2 ** -25;

/**
 * A soft draw from a categorical distribution: softmax((logPi + g) / tau) along `axis`, with g from Gumbel(0, 1). A lower
 * tau gives results closer to one-hot. Follows chainer.functions.gumbel_softmax (arXiv:1611.01144).
 *
 * @param logPi logarithms of probabilities, up to a constant
 * @param tau temperature, default 0.1
 * @param axis default 1
 * @throws DTypeError unless logPi is floating, ShapeError if the axis is out of range.
 */
export function gumbelSoftmax(logPi: FunctionOperand, tau: FunctionOperand = 0.1, axis = 1): Variable {
  logPi = input('gumbelSoftmax', 'logPi', logPi, tau);
  tau = input('gumbelSoftmax', 'tau', tau, logPi);
  return composed(() => {
    const array = arrayOf(logPi);
    checkFloating('gumbelSoftmax', array);
    if (array.ndim === 0) return asVariable(onesLike(array));
    const uniform = maximum(random.drawOnDevice('uniform', array.shape, array.device), TINY);
    const gumbel = astype(negative(log(negative(log(uniform)))), array.dtype);
    return softmax(div(add(logPi, gumbel), tau), axis);
  });
}
