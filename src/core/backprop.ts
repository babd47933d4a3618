/**
 * The engine of backward. It runs functions in descending order of rank, adds gradients up at each node, and frees a gradient as
 * soon as the function that needs it has run.
 */

import { GraphError, ShapeError } from '../errors.js';
import { freeTemporaries, giveToGraph } from '../ndarray/lifetime.js';
import { addInPlace, onesLike, zeros } from '../ndarray/np.js';
import { formatShape, sameShape } from '../ndarray/shape.js';
import type { Storage } from '../ndarray/storage.js';
import { checkOptions } from '../options.js';
import { addGradients } from './add-gradients.js';
import { usingConfig } from './config.js';
import { type GraphFunction, Variable, type VariableNode } from './variable.js';

/** Options of {@link Variable.backward}. */
export interface BackwardOptions {
  /** Keep the gradients of intermediate variables. Default false. */
  retainGrad?: boolean;
  /** Record the backward computation itself, for gradients of gradients. Default false. */
  enableDoubleBackprop?: boolean;
  /** Multiplies the starting gradient, against underflow in low precision. Default 1. */
  lossScale?: number;
}

/** Options of {@link grad}. */
export interface GradOptions extends Omit<BackwardOptions, 'lossScale'> {
  /** The gradients of the outputs; ones for those of size 1 by default. */
  gradOutputs?: readonly (Variable | null)[];
  /** Also set `.grad` of the inputs. Default false. */
  setGrad?: boolean;
}

/** Gradients that wait for the function that consumes them. */
class Pending {
  readonly #grads = new Map<VariableNode, Variable>();
  /** Nodes whose gradient is a sum that this engine made: it may add to it in place. */
  readonly #ours = new Set<VariableNode>();
  /** The number of waiting or published gradients in a storage. At zero the storage can be freed. */
  readonly #uses = new Map<Storage, number>();

  constructor(readonly recording: boolean) {}

  get(node: VariableNode): Variable | undefined {
    return this.#grads.get(node);
  }

  hold(gradient: Variable): void {
    const { storage } = gradient.array;
    this.#uses.set(storage, (this.#uses.get(storage) ?? 0) + 1);
  }

  add(node: VariableNode, gradient: Variable): void {
    const sum = this.#grads.get(node);
    if (sum === undefined) {
      this.#grads.set(node, gradient);
      this.hold(gradient);
      return;
    }
    this.hold(gradient);
    if (this.#ours.has(node)) addInPlace(sum.array, gradient.array);
    else {
      const total = addGradients(sum, gradient);
      this.#grads.set(node, total);
      this.hold(total);
      this.drop(sum);
      if (!this.recording) this.#ours.add(node);
    }
    this.drop(gradient);
  }

  /** Takes out the gradient of a node, for the function that consumes it. */
  take(node: VariableNode): Variable | undefined {
    const gradient = this.#grads.get(node);
    this.#grads.delete(node);
    return gradient;
  }

  /** Frees a consumed gradient's memory unless another gradient shares it. */
  drop(gradient: Variable): void {
    if (this.recording) return;
    const { storage } = gradient.array;
    const uses = (this.#uses.get(storage) ?? 0) - 1;
    if (uses > 0) this.#uses.set(storage, uses);
    else if (uses === 0) {
      this.#uses.delete(storage);
      storage.free();
    }
  }
}

/** Functions that wait to run backward, highest rank first. Functions that are added on the way have lower ranks. */
class Agenda {
  readonly #buckets: Set<GraphFunction>[] = [];
  readonly #seen = new Set<GraphFunction>();

  add(fn: GraphFunction): void {
    if (this.#seen.has(fn)) return;
    this.#seen.add(fn);
    this.#buckets[fn.rank] ??= new Set();
    this.#buckets[fn.rank].add(fn);
  }

  *[Symbol.iterator](): Iterator<GraphFunction> {
    while (this.#buckets.length > 0) yield* this.#buckets.pop() ?? [];
  }
}

function seed(output: Variable, given: Variable | null | undefined): Variable {
  if (given) return given;
  if (output.size !== 1) {
    throw new GraphError(
      `backward: a variable of shape ${formatShape(output.shape)} needs its grad set first, or reduce it to one number (F.sum)`,
    );
  }
  return new Variable(onesLike(output.array));
}

/** Runs one function backward and adds its gradients to those that wait at its inputs. Returns the nodes that got one. */
function step(
  fn: GraphFunction,
  pending: Pending,
  wanted: (node: VariableNode) => boolean,
  retainGrad: boolean,
): VariableNode[] {
  const targets = fn.inputs.flatMap((node, i) => (wanted(node) ? [i] : []));
  const taken = fn.outputs.map((node) => pending.take(node));
  const gradOutputs = taken.map(
    (gradient, i) =>
      gradient ?? new Variable(zeros(fn.outputs[i].shape, { dtype: fn.outputs[i].dtype, device: deviceOf(taken) })),
  );
  const run = () => fn.differentiate(targets, gradOutputs);
  fn.spent = true;
  // A recorded graph keeps its arrays. Otherwise all but the gradients, and what the function saves, is temporary.
  const grads = pending.recording ? run() : freeTemporaries(run, () => fn.retained);
  targets.forEach((i, k) => {
    const gradient = grads[k];
    if (gradient === null) return;
    const node = fn.inputs[i];
    if (!sameShape(gradient.shape, node.shape)) {
      throw new ShapeError(
        `${fn.label}: backward gave a gradient of shape ${formatShape(gradient.shape)} for an input of ${formatShape(node.shape)}`,
      );
    }
    pending.add(node, gradient);
  });
  taken.forEach((gradient, i) => {
    if (!gradient) return;
    if (retainGrad) fn.outputs[i].grad = gradient;
    else pending.drop(gradient);
  });
  return targets.flatMap((i, k) => (grads[k] === null ? [] : [fn.inputs[i]]));
}

function deviceOf(gradients: readonly (Variable | undefined)[]) {
  return gradients.find((g) => g !== undefined)?.array.device.name;
}

declare module './variable.js' {
  interface Variable {
    /**
     * Computes the gradients of this variable with respect to all leaves behind it, and adds them to those that the leaves have.
     * The gradient of a variable of size 1 starts as one; for any other size, set `grad` first. Gradients of intermediate variables
     * are dropped unless `retainGrad`. Follows chainer.Variable.backward.
     *
     * @throws GraphError if the size is not 1 and `grad` is not set.
     */
    backward(options?: BackwardOptions): void;
  }
}

// The engine imports variables, so variables cannot import the engine.
Variable.prototype.backward = function (options) {
  backward([this], options);
};

/** Backward from `outputs` to all leaves: what {@link Variable.backward} calls. */
export function backward(outputs: readonly Variable[], options: BackwardOptions = {}): void {
  checkOptions('backward', options, { retainGrad: 1, enableDoubleBackprop: 1, lossScale: 1 });
  const { retainGrad = false, enableDoubleBackprop = false, lossScale = 1 } = options;
  usingConfig('enableBackprop', enableDoubleBackprop, () => {
    const pending = new Pending(enableDoubleBackprop);
    const agenda = new Agenda();
    const leaves = new Set<VariableNode>();
    for (const output of outputs) {
      const given = output.grad;
      const gradient = seed(output, given);
      if (!given) giveToGraph(gradient.array.storage);
      if (lossScale !== 1) gradient.array.device.binary('multiply', gradient.array, lossScale, gradient.array);
      output.grad = gradient;
      if (!output.creator) continue;
      output.array.storage.markResult();
      // A user may read this gradient, so it is held once more than the engine drops it.
      pending.hold(gradient);
      pending.add(output.node, gradient);
      agenda.add(output.creator);
    }
    for (const fn of agenda) {
      for (const node of step(fn, pending, (n) => n.requiresGrad, retainGrad)) {
        if (node.creator) agenda.add(node.creator);
        else leaves.add(node);
      }
    }
    for (const leaf of leaves) {
      const gradient = pending.get(leaf);
      if (!gradient) continue;
      const before = leaf.grad;
      leaf.grad = before ? addGradients(before, gradient) : gradient;
      if (before && !enableDoubleBackprop) {
        giveToGraph(before.array.storage);
        pending.drop(gradient);
      }
      leaf.grad.array.storage.role = 'gradients';
    }
  });
}

/** The functions on a path from `inputs` to `outputs`, found backwards. */
function nodesTowards(outputs: readonly Variable[], inputs: readonly Variable[]): Set<VariableNode> {
  const leads = new Map<VariableNode, boolean>();
  for (const x of inputs) leads.set(x.node, true);
  // Depth-first with an explicit stack: a node is decided once all inputs of its creator are.
  const stack = outputs.map((y) => y.node);
  const opened = new Set<VariableNode>();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const before = node.creator?.inputs ?? [];
    if (!opened.has(node)) {
      opened.add(node);
      stack.push(...before.filter((n) => !opened.has(n)));
      continue;
    }
    stack.pop();
    if (before.some((n) => leads.get(n))) leads.set(node, true);
  }
  return new Set([...leads].flatMap(([node, towards]) => (towards ? [node] : [])));
}

/**
 * The gradients of Σ outputs·gradOutputs with respect to `inputs`; null where none flows. It changes no `.grad` unless `setGrad`.
 * Follows chainer.grad.
 *
 * @throws GraphError if an output is not of size 1 and has no entry in `gradOutputs`.
 */
export function grad(
  outputs: readonly Variable[],
  inputs: readonly Variable[],
  options: GradOptions = {},
): (Variable | null)[] {
  const { gradOutputs = [], setGrad = false, retainGrad = false, enableDoubleBackprop = false } = options;
  return usingConfig('enableBackprop', enableDoubleBackprop, () => {
    const onPath = nodesTowards(outputs, inputs);
    const asked = new Set(inputs.map((x) => x.node));
    const results = new Map<VariableNode, Variable>();
    const pending = new Pending(enableDoubleBackprop);
    const agenda = new Agenda();
    outputs.forEach((output, i) => {
      const gradient = seed(output, gradOutputs[i]);
      pending.hold(gradient);
      pending.add(output.node, gradient);
      if (output.creator && onPath.has(output.node)) agenda.add(output.creator);
    });
    for (const fn of agenda) {
      for (const node of fn.outputs) {
        const gradient = asked.has(node) ? pending.get(node) : undefined;
        if (!gradient) continue;
        pending.hold(gradient);
        results.set(node, gradient);
      }
      for (const node of step(fn, pending, (n) => onPath.has(n), retainGrad))
        if (node.creator) agenda.add(node.creator);
    }
    return inputs.map((x) => {
      const gradient = results.get(x.node) ?? pending.get(x.node) ?? null;
      if (setGrad) x.grad = gradient;
      return gradient;
    });
  });
}
