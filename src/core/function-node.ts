/** FunctionNode: one differentiable operation and its place in the graph. */
import { GraphError } from '../errors.js';
import { operand } from '../ndarray/conversion.js';
import { freeTemporaries, reach } from '../ndarray/lifetime.js';
import { isFloating, NDArray } from '../ndarray/np.js';
import type { Storage } from '../ndarray/storage.js';
import { inWords } from '../options.js';
import { config } from './config.js';
import { activeHooks } from './function-hook.js';
import { type GraphFunction, Variable, type VariableLike, type VariableNode } from './variable.js';

const NONE: readonly never[] = [];

/** The functions recorded since {@link collectRecorded} began. */
let collected: GraphFunction[] | null = null;

/** A list that is not empty, so its first element is typed as present. */
type AtLeastOne<T> = [T, ...T[]];

/** The arrays that `forward` takes, as a tuple; an optional one may be missing: `[x: NDArray, W: NDArray, b?: NDArray]`. */
export type InputArrays = readonly (NDArray | undefined)[];

/** The variables, or arrays, of a function's inputs. */
type InputsOf<In extends InputArrays> = { readonly [K in keyof In]: VariableLike };

/**
 * A differentiable operation; follows chainer.FunctionNode. A subclass computes with arrays in `forward` and with
 * variables in `backward`, so that gradients are themselves differentiable. An instance is applied once.
 *
 * What it keeps for `backward`:
 * - inputs and outputs that `forward` names by {@link retainInputs} and {@link retainOutputs};
 * - the values given to {@link save};
 * - without `save`, all arrays that `forward` made, wherever the node holds them: in fields, `#private` ones, lists or closures.
 *
 * So a node without `save` is correct, and one with `save` takes less memory: the temporaries of its `forward` are freed at once.
 * Where no graph is recorded, only saved values outlive `forward`.
 *
 * @typeParam In the arrays that `forward` takes
 * @typeParam Saved the values that it saves
 */
export abstract class FunctionNode<
  In extends InputArrays = readonly NDArray[],
  Saved extends readonly unknown[] = readonly unknown[],
> implements GraphFunction
{
  #inputs: readonly VariableNode[] = NONE;
  #outputs: readonly VariableNode[] = NONE;
  #retainedInputs: readonly number[] = NONE;
  #retainedOutputs: readonly number[] = NONE;
  #saved: Saved | null = null;
  /** The storages that forward made beside its results, in a node that saved nothing. */
  #made: readonly Storage[] = NONE;
  /** Longest distance of an input from a leaf. */
  rank = 0;
  /** Whether backward went through it, or never will, so that its arrays may be freed; see `spent-graphs.ts`. */
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

  /** Computes the results from the arrays of the inputs. */
  abstract forward(inputs: In): NDArray[];

  /**
   * Computes the gradients of the inputs at the positions `targets`, in that order, from the gradients of all outputs; null where
   * none flows. By default no gradient flows.
   */
  backward(targets: readonly number[], _gradOutputs: readonly Variable[]): (Variable | null)[] {
    return targets.map(() => null);
  }

  /** The number of multiply-add pairs of `forward`, for summaries. Products and convolutions override it. */
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

  /**
   * Keeps arrays, or values that hold arrays, as long as the node lives; `saved` gives them back. All other arrays that `forward`
   * makes are freed when it returns: `save()` without arguments keeps none. Call it once, in `forward` or in the constructor.
   */
  protected save(...values: Saved): void {
    this.#saved = values;
  }

  /** The values given to {@link save}. @throws GraphError if there are none. */
  protected get saved(): Saved {
    if (this.#saved === null) throw this.#isMissing('save(array)');
    return this.#saved;
  }

  /** The retained inputs, in the order they were named. @throws GraphError if `forward` retained none. */
  protected getRetainedInputs(): AtLeastOne<Variable> {
    return this.#recallAll(this.#inputs, this.#retainedInputs, 'retainInputs(0)');
  }

  /** The retained outputs, in the order they were named. @throws GraphError if `forward` retained none. */
  protected getRetainedOutputs(): AtLeastOne<Variable> {
    return this.#recallAll(this.#outputs, this.#retainedOutputs, 'retainOutputs(0)');
  }

  #recallAll(nodes: readonly VariableNode[], indexes: readonly number[], call: string): AtLeastOne<Variable> {
    if (indexes.length === 0) throw this.#isMissing(call);
    // As many as there are indexes.
    return indexes.map((i) => this.#recall(nodes[i])) as AtLeastOne<Variable>;
  }

  #recall(node: VariableNode): Variable {
    if (node.array === null) throw new GraphError(`${this.label}: data it retained is gone; was it applied twice?`);
    return Variable.ofNode(node, node.array);
  }

  #isMissing(call: string): GraphError {
    return new GraphError(`${this.label}: backward asks for what forward did not keep: call this.${call} in forward`);
  }

  /** Computes the outputs. If an input requires a gradient, it records this node in the graph. */
  apply(inputs: InputsOf<In>): AtLeastOne<Variable> {
    const arrays = this.#arraysOf(inputs);
    const hooks = activeHooks();
    for (const hook of hooks) hook.forwardPreprocess?.(this, arrays);
    const recorded = config.enableBackprop && inputs.some((x) => x instanceof Variable && x.requiresGrad);
    const outputs = freeTemporaries(
      // There is one array for each input.
      () => this.#checked(this.forward(arrays as InputArrays as In)),
      (made, results) => this.#keep(made, results, recorded),
      recorded ? this : null,
    );
    for (const hook of hooks) hook.forwardPostprocess?.(this, arrays, outputs);
    const variables = outputs.map((y) => new Variable(y, { requiresGrad: recorded && isFloating(y.dtype) }));
    if (recorded) this.#record(inputs, arrays, variables);
    // Every function has a result.
    return variables as AtLeastOne<Variable>;
  }

  /** The arrays of the inputs. Numbers and lists, which users may pass to functions of their own, become arrays. */
  #arraysOf(inputs: InputsOf<In>): NDArray[] {
    if (!Array.isArray(inputs))
      throw new TypeError(`${this.label}: apply takes a list of inputs, got ${inWords(inputs)}`);
    return inputs.map((x: unknown, i) =>
      x instanceof NDArray ? x : x instanceof Variable ? x.array : operand(this.label, `input ${i}`, x),
    );
  }

  #checked(outputs: NDArray[]): NDArray[] {
    let isValid = Array.isArray(outputs);
    if (isValid) for (const y of outputs) isValid &&= y instanceof NDArray;
    if (!isValid)
      throw new TypeError(`${this.label}: forward returned ${inWords(outputs)}, expected a list of NDArrays`);
    return outputs;
  }

  /** The arrays that stay with the node, from all that forward made. */
  #keep(made: readonly Storage[], results: readonly NDArray[], recorded: boolean): readonly unknown[] {
    if (this.#saved !== null) return this.#saved;
    if (recorded) this.#made = made.filter((storage) => results.every((y) => y.storage !== storage));
    return this.#made;
  }

  get retained(): readonly unknown[] {
    return [
      ...this.#retainedInputs.map((i) => this.#inputs[i]?.array),
      ...this.#retainedOutputs.map((i) => this.#outputs[i]?.array),
      ...(this.#saved ?? this.#made),
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

  /** Runs {@link backward} with hooks, and checks its result. The engine calls it. */
  differentiate(targets: readonly number[], gradOutputs: readonly Variable[]): (Variable | null)[] {
    const hooks = activeHooks();
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
    for (const value of this.#saved ?? this.#made) visit(value);
  }
}

/** Runs `fn` and returns its result with the functions that were recorded on the way. */
export function collectRecorded<T>(fn: () => T): [result: T, functions: readonly GraphFunction[]] {
  const outer = collected;
  const functions: GraphFunction[] = [];
  collected = functions;
  try {
    return [fn(), functions];
  } finally {
    collected = outer;
  }
}
