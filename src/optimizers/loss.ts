/** What a loss function gives: a Variable, or an error that says what came instead. */
import { Variable } from '../core/variable.js';
import { ValueError } from '../errors.js';
import { isPromise, refuse } from '../ndarray/lifetime.js';
import { inWords } from '../options.js';

/** A loss as it came from a function. @throws ValueError unless it is a Variable. */
export function asLoss(op: string, loss: unknown): Variable {
  if (loss instanceof Variable) return loss;
  if (isPromise(loss)) {
    refuse(loss);
    throw new ValueError(
      `${op}: the loss function is asynchronous: it returned a Promise. Await first what it needs, and return the loss at once`,
    );
  }
  const hint = loss === undefined ? '; is a return missing?' : '';
  throw new ValueError(`${op}: the loss function returned ${inWords(loss)}, expected a Variable${hint}`);
}
