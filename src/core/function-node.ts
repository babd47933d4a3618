/** FunctionNode: one differentiable operation and its place in the graph. It knows no operation in particular. */
import { GraphError } from '../errors.js';
import { operand } from '../ndarray/conversion.js';
import { freeTemporaries, type Reaching, reach } from '../ndarray/lifetime.js';
import { binary, isFloating, NDArray } from '../ndarray/np.js';
import { inWords } from '../options.js';
import { config } from './config.js';
import { activeHooks, type FunctionHook } from './function-hook.js';
import { Variable, type VariableLike } from './variable.js';
import type { VariableNode } from './variable-node.js';

const NONE: readonly number[] = [];

/** The functions recorded since {@link collectRecorded} began. */
let collected: FunctionNode[] | null = null;

/** A list that is not empty: its first element is there for a type checker that doubts indices. */
type AtLeastOne<T> = [T, ...T[]];

function refuseResult(node: FunctionNode, result: unknown): never {
  throw new TypeError(`${node.label}: forward returned ${inWords(result)}, expected a list of NDArrays`);
}

/** The arrays of a function's inputs; numbers and lists become arrays, as where a user's own function is given them. */
function arraysOf(node: FunctionNode, inputs: readonly VariableLike[]): NDArray[] {
  if (!Array.isArray(inputs))
    throw new TypeError(`${node.label}: apply takes a list of inputs, got ${inWords(inputs)}`);
  return inputs.map((x: unknown, i) =>
    x instanceof NDArray ? x : x instanceof Variable ? x.array : operand(node.label, `input ${i}`, x),
  );
}

/**
 * A differentiable operation; follows chainer.FunctionNode. A subclass computes with arrays in `forward` and with
 * variables in `backward`, so that gradients are themselves differentiable. An instance is applied once.
 *
 * What `backward` needs of the data is named in `forward` by {@link retainInputs} and {@link retainOutputs}; arrays kept
 * in fields of the node survive too. Everything else that `forward` allocates is freed when it returns.
 */
export abstract class FunctionNode implements Reaching {
  #inputs: readonly VariableNode[] = [];
  #outputs: readonly VariableNode[] = [];
  #retainedInputs: readonly number[] = NONE;
  #retainedOutputs: readonly number[] = NONE;
  /** Longest distance of an input from a leaf. */
  rank = 0;
  /** Whether backward went through it, or never will: what it made outside scopes may be freed. See `spent-graphs.ts`. */
  spent = this.backward === FunctionNode.prototype.backward;

  /** The name in graphs, profiles and messages. */
  get label(): string {
    return this.constructor.name;
  }

  /** The nodes this was applied to. */
  get inputs(): readonly VariableNode[] {
    return this.#inputs;
  }

  /** The nodes this computed. */
  get outputs(): readonly VariableNode[] {
    return this.#outputs;
  }

  /** The results for the inputs' arrays. Inputs have been checked to live on one device. */
  abstract forward(inputs: readonly NDArray[]): NDArray[];

  /**
   * The gradients of the inputs that `targets` names, in that order, given those of all outputs; null where none flows.
   * The default is an operation through which no gradient flows.
   */
  backward(targets: readonly number[], _gradOutputs: readonly Variable[]): (Variable | null)[] {
    return targets.map(() => null);
  }

  /** Multiplications and additions of `forward`, in pairs, which summaries show. Products and convolutions count theirs. */
  macs(_inputs: readonly NDArray[], _y: NDArray): number {
    return 0;
  }

  /** Keeps inputs for `backward`; call it in `forward`. */
  protected retainInputs(...indexes: number[]): void {
    this.#retainedInputs = indexes;
  }

  /** Keeps outputs for `backward`; call it in `forward`. */
  protected retainOutputs(...indexes: number[]): void {
    this.#retainedOutputs = indexes;
  }

  /** The retained inputs, in the order they were named. @throws GraphError if `forward` retained none. */
  protected getRetainedInputs(): AtLeastOne<Variable> {
    return this.#recallAll(this.#inputs, this.#retainedInputs, 'retainInputs');
  }

  /** The retained outputs, in the order they were named. @throws GraphError if `forward` retained none. */
  protected getRetainedOutputs(): AtLeastOne<Variable> {
    return this.#recallAll(this.#outputs, this.#retainedOutputs, 'retainOutputs');
  }

  #recallAll(nodes: readonly VariableNode[], indexes: readonly number[], method: string): AtLeastOne<Variable> {
    if (indexes.length === 0) {
      throw new GraphError(
        `${this.label}: backward asks for what forward did not keep: call this.${method}(0) in forward`,
      );
    }
    // There is one for each index.
    return indexes.map((i) => this.#recall(nodes[i])) as AtLeastOne<Variable>;
  }

  #recall(node: VariableNode): Variable {
    if (node.array === null) throw new GraphError(`${this.label}: data it retained is gone; was it applied twice?`);
    return Variable.ofNode(node, node.array);
  }

  /** Computes the outputs and, where a gradient may be asked of them, records this node in the graph. */
  apply(inputs: readonly VariableLike[]): AtLeastOne<Variable> {
    const arrays = arraysOf(this, inputs);
    const hooks = activeHooks();
    for (const hook of hooks) hook.forwardPreprocess?.(this, arrays);
    const recorded = config.enableBackprop && inputs.some((x) => x instanceof Variable && x.requiresGrad);
    const outputs = freeTemporaries(
      () => this.forward(arrays),
      () => Object.values(this),
      recorded ? this : null,
    );
    for (const hook of hooks) hook.forwardPostprocess?.(this, arrays, outputs);
    if (!Array.isArray(outputs)) refuseResult(this, outputs);
    const variables = outputs.map((y) =>
      y instanceof NDArray
        ? new Variable(y, { requiresGrad: recorded && isFloating(y.dtype) })
        : refuseResult(this, outputs),
    );
    if (recorded) this.#record(inputs, arrays, variables);
    // A function has a result.
    return variables as AtLeastOne<Variable>;
  }

  /** What it keeps for backward, without the graph behind it: arrays, and the values of its fields. */
  get retained(): readonly unknown[] {
    return [
      ...this.#retainedInputs.map((i) => this.#inputs[i]?.array),
      ...this.#retainedOutputs.map((i) => this.#outputs[i]?.array),
      ...Object.values(this),
    ];
  }

  #record(inputs: readonly VariableLike[], arrays: readonly NDArray[], outputs: readonly Variable[]): void {
    this.#inputs = inputs.map(
      (x, i) => (x instanceof Variable ? x : new Variable(arrays[i], { requiresGrad: false })).node,
    );
    for (const node of this.#inputs) this.rank = Math.max(this.rank, node.rank);
    for (const i of this.#retainedInputs) this.#inputs[i].array = arrays[i];
    this.#outputs = outputs.map((y) => y.node);
    for (const i of this.#retainedOutputs) this.#outputs[i].array = outputs[i].array;
    for (const node of this.#outputs) {
      node.creator = this;
      node.rank = this.rank + 1;
    }
    collected?.push(this);
  }

  /** {@link backward} with its hooks and its checks: what the engine calls. */
  differentiate(
    targets: readonly number[],
    gradOutputs: readonly Variable[],
    hooks: readonly FunctionHook[],
  ): (Variable | null)[] {
    for (const hook of hooks) hook.backwardPreprocess?.(this, gradOutputs);
    const grads = this.backward(targets, gradOutputs);
    for (const hook of hooks) hook.backwardPostprocess?.(this, gradOutputs);
    if (grads?.length !== targets.length) {
      const came = Array.isArray(grads) ? `${grads.length} gradients` : inWords(grads);
      throw new GraphError(`${this.label}: backward returned ${came} for ${targets.length} inputs`);
    }
    return grads;
  }

  /** @internal */
  [reach](visit: (value: unknown) => void): void {
    for (const node of this.#inputs) visit(node);
    for (const i of this.#retainedOutputs) visit(this.#outputs[i]?.array);
    for (const field of Object.values(this)) visit(field);
  }
}

/**
 * The sum of two gradients, differentiable: all that the engine itself computes. It is here because every variable knows the
 * engine: a file of its own would extend FunctionNode before there is one, when that is what a program loads first.
 */
class AddGradients extends FunctionNode {
  override forward([a, b]: readonly NDArray[]): NDArray[] {
    return [binary('add', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map(() => gy);
  }
}

/** a + b, of one shape. */
export function addGradients(a: Variable, b: Variable): Variable {
  return new AddGradients().apply([a, b])[0];
}

/** Runs `fn`, and gives with its result the functions that were recorded meanwhile. */
export function collectRecorded<T>(fn: () => T): [result: T, functions: readonly FunctionNode[]] {
  const outer = collected;
  const functions: FunctionNode[] = [];
  collected = functions;
  try {
    return [fn(), functions];
  } finally {
    collected = outer;
  }
}
