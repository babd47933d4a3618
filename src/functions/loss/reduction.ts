/** The option `reduce` of losses: how the losses of single elements become one number. */
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { mean } from '../math/average.js';
import { sum } from '../math/sum.js';

/** Refuses a value of `reduce` that a loss does not know. */
export function checkReduce(op: string, reduce: string, known: readonly string[]): void {
  if (!known.includes(reduce)) {
    throw new ValueError(`${op}: reduce is '${reduce}', expected ${known.map((name) => `'${name}'`).join(' or ')}`);
  }
}

/** The sum or the mean of the losses, or the losses themselves. */
export function reduceLoss(op: string, loss: Variable, reduce: 'sum' | 'mean' | 'no'): Variable {
  checkReduce(op, reduce, ['sum', 'mean', 'no']);
  if (reduce === 'no') return loss;
  return reduce === 'sum' ? sum(loss) : mean(loss);
}
