import { composed } from '../../core/composed.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, checkNdim, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { channelAxisRemedy } from '../arguments/remedies.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { standardize } from './standardize.js';

/**
 * γ·(x − mean)/√(variance + eps) + β with the statistics of each row: x (N, D), gamma and beta (D,). Follows
 * chainer.functions.layer_normalization (Ba et al., arXiv:1607.06450).
 *
 * @param eps default 1e-5; the link's default is 1e-6
 * @throws ShapeError if shapes do not fit, DTypeError if dtypes differ or are not floating.
 */
export function layerNormalization(
  x: FunctionOperand,
  gamma: FunctionOperand,
  beta: FunctionOperand,
  eps = 1e-5,
): Variable {
  x = input('layerNormalization', 'x', x, gamma);
  gamma = input('layerNormalization', 'gamma', gamma, x);
  beta = input('layerNormalization', 'beta', beta, x);
  checkScalars('layerNormalization', { eps });
  return composed(() => {
    const op = 'layerNormalization';
    checkFloating(op, ...[x, gamma, beta].map(arrayOf));
    checkNdim(op, 'x', x, 'N, D');
    checkChannels(op, x, gamma, beta);
    return add(mul(standardize(x, 1, eps), gamma), beta);
  });
}

/** Refuses gamma and beta unless they have one number for each position of axis 1 of x. */
export function checkChannels(op: string, x: VariableLike, gamma: VariableLike, beta: VariableLike): void {
  for (const [name, param] of Object.entries({ gamma, beta })) {
    if (param.shape.length !== 1 || param.shape[0] !== x.shape[1]) {
      throw new ShapeError(
        `${op}: ${name} is ${formatShape(param.shape)}, expected (${x.shape[1]},) for x ${formatShape(x.shape)}` +
          (param.shape.length === 1 ? channelAxisRemedy(x.shape, param.shape[0]) : ''),
      );
    }
  }
}
