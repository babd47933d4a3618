import { backward } from '../core/backprop.js';
import { config, forceBackpropMode, noBackpropMode, usingConfig } from '../core/config.js';
import { FunctionNode } from '../core/function-node.js';
import { Variable, type VariableLike, type VariableNode } from '../core/variable.js';
import { GraphError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';

/** A function of variables that returns one variable or a list. */
type Forgettable = (...xs: Variable[]) => Variable | readonly Variable[];

function listOf(result: Variable | readonly Variable[]): readonly Variable[] {
  return result instanceof Variable ? [result] : result;
}

/** The leaves of a graph that gradients flow to. */
function leavesOf(outputs: readonly Variable[]): Set<VariableNode> {
  const leaves = new Set<VariableNode>();
  const seen = new Set<VariableNode>();
  const pending = outputs.map((y) => y.node);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.creator) pending.push(...node.creator.inputs);
    else if (node.requiresGrad) leaves.add(node);
  }
  return leaves;
}

class Forget extends FunctionNode {
  constructor(private readonly fn: Forgettable) {
    super();
    this.save();
  }

  override forward(xs: readonly NDArray[]): NDArray[] {
    this.retainInputs(...xs.keys());
    const outputs = noBackpropMode(() => listOf(this.fn(...xs.map((x) => new Variable(x, { requiresGrad: false })))));
    return outputs.map((y) => y.array);
  }

  override backward(targets: readonly number[], gradOutputs: readonly Variable[]): (Variable | null)[] {
    if (config.enableBackprop) {
      throw new GraphError('forget: what it recomputes is not differentiable twice; call the function itself');
    }
    // New variables without a graph, so that backward below ends at them.
    const inputs = this.getRetainedInputs().map((x) => new Variable(x.array));
    const outputs = usingConfig('inRecomputing', true, () => forceBackpropMode(() => listOf(this.fn(...inputs))));
    outputs.forEach((y, i) => {
      y.grad = gradOutputs[i];
    });
    const leaves = leavesOf(outputs);
    backward(outputs);
    for (const x of inputs) leaves.delete(x.node);
    // Gradients of variables that the function uses besides its inputs outlive this step.
    this.save(...Array.from(leaves, (leaf) => leaf.grad));
    return targets.map((i) => inputs[i].grad);
  }
}

/**
 * fn(...xs), keeping only the inputs for backward, which runs `fn` a second time: it trades time for memory. Variables that `fn` uses
 * besides its arguments, such as parameters of a link, get their gradients too. Do not use it for a function that draws random numbers:
 * the second run would draw other ones. `config.inRecomputing` is true in the second run. Follows chainer.functions.forget.
 *
 * @throws GraphError when gradients of its gradients are asked for.
 */
export function forget<T extends Variable | readonly Variable[]>(
  fn: (...xs: Variable[]) => T,
  ...xs: VariableLike[]
): T extends Variable ? Variable : Variable[];
export function forget(fn: Forgettable, ...xs: VariableLike[]): Variable | Variable[] {
  let single = false;
  const counted: Forgettable = (...args) => {
    const result = fn(...args);
    single = result instanceof Variable;
    return result;
  };
  // Arrays become variables that require gradients, so that backward also reaches other variables that the function uses.
  const inputs = xs.map((x) => (x instanceof Variable ? x : new Variable(x)));
  const outputs = new Forget(counted).apply(inputs);
  return single ? outputs[0] : outputs;
}
