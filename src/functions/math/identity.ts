import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import type { NDArray } from '../../ndarray/np.js';
import { type FunctionOperand, inputsOf } from '../arguments/operands.js';

class Identity extends FunctionNode {
  override forward(inputs: readonly NDArray[]): NDArray[] {
    return [...inputs];
  }

  override backward(targets: readonly number[], gradOutputs: readonly Variable[]): Variable[] {
    return targets.map((i) => gradOutputs[i]);
  }
}

/** The input, or a list if there are several inputs, as the results of a function. Follows chainer.functions.identity. */
export function identity(x: FunctionOperand): Variable;
export function identity(...inputs: FunctionOperand[]): Variable[];
export function identity(...inputs: FunctionOperand[]): Variable | Variable[] {
  if (inputs.length === 0) throw new ValueError('identity: no inputs');
  const outputs = new Identity().apply(inputsOf('identity', 'inputs', inputs));
  return outputs.length === 1 ? outputs[0] : outputs;
}
