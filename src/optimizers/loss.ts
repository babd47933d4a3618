/** Checks the results of loss functions. */
import { Variable } from '../core/variable.js';
import { ValueError } from '../errors.js';
import { isPromise, refuse } from '../ndarray/lifetime.js';
import { inWords } from '../options.js';

/** The result of a loss function. @throws ValueError unless it is a Variable. */
export function asLoss(op: string, loss: unknown): Variable {
  if (loss instanceof Variable) return loss;
  if (isPromise(loss)) {
    refuse(loss);
    throw new ValueError(
      `${op}: the loss function is asynchronous: it returned a Promise. Await its inputs before, and return the loss itself`,
    );
  }
  const hint = loss === undefined ? '; is a return missing?' : '';
  throw new ValueError(`${op}: the loss function returned ${inWords(loss)}, expected a Variable${hint}`);
}
