/**
 * A static graph: the primitives that a computation called, in order, over buffers. It is what `compile` makes of a model
 * and what an executor runs. It knows the seam's calls and nothing of Variables or links.
 *
 * The unit of data is the buffer (one block of device memory), not the value: a primitive may write into a buffer that
 * exists, as the seam allows, so a buffer is alive from its first writer to its last reader.
 */

import { OUTPUTS } from '../backends/outputs.js';
import type { DType, Primitive, Tensor } from '../backends/primitives.js';

export { OUTPUTS, type Primitive };

/** Where a buffer's content comes from. */
export type BufferKind = 'input' | 'constant' | 'computed';

/** One block of memory of the computation. */
export interface GraphBuffer {
  /** Its number, in the order buffers were found. */
  readonly id: number;
  /** The number of elements. */
  readonly size: number;
  /** What the elements are. */
  readonly dtype: DType;
  /** Where the content comes from. */
  kind: BufferKind;
  /** The content, where it is known before a run. */
  constant: Tensor['memory'] | null;
}

/** A tensor of a call: a buffer seen in a shape. */
export interface Ref {
  readonly buffer: GraphBuffer;
  readonly shape: readonly number[];
}

/** Whether an argument is a tensor of the graph. */
export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'shape' in value;
}

/** One call of a primitive; tensors among the arguments are `Ref`s. */
export interface GraphNode {
  /** The primitive of the backend that is called. */
  readonly op: Primitive;
  /** The primitive's arguments in its order. */
  readonly args: readonly unknown[];
  /** The layer that made the call, such as `res2/a/conv1`; '' or absent where none did. */
  readonly layer?: string;
}

/** Adds all tensors in an argument: itself, members of a list, or fields of an options object. */
function collectRefs(value: unknown, into: Ref[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isRef(value)) into.push(value);
  else for (const item of Object.values(value)) collectRefs(item, into);
}

/** The tensors that a call writes. */
export function writesOf({ op, args }: GraphNode): Ref[] {
  const { whole, changed } = OUTPUTS[op];
  const refs: Ref[] = [];
  for (const i of whole) collectRefs(args[i], refs);
  for (const i of changed) collectRefs(args[i], refs);
  return refs;
}

/** The tensors that a call writes without forgetting what was there. */
export function changedBy({ op, args }: GraphNode): Ref[] {
  const refs: Ref[] = [];
  for (const i of OUTPUTS[op].changed) collectRefs(args[i], refs);
  return refs;
}

/** The tensors whose content a call depends on. */
export function readsOf({ op, args }: GraphNode): Ref[] {
  const whole: readonly number[] = OUTPUTS[op].whole;
  const refs: Ref[] = [];
  for (let i = 0; i < args.length; i++) if (!whole.includes(i)) collectRefs(args[i], refs);
  return refs;
}

/** The constants among tensors, each once. */
export function constantsIn(refs: readonly Ref[]): GraphBuffer[] {
  return [...new Set(refs.map(({ buffer }) => buffer).filter(({ kind }) => kind === 'constant'))];
}

/** The constants that a call reads. */
export function constantsOf(node: GraphNode): GraphBuffer[] {
  return constantsIn(readsOf(node));
}

/** A computation from inputs to outputs. */
export interface Graph {
  /** What a run is given. */
  readonly inputs: readonly Ref[];
  /** What a run gives. */
  readonly outputs: readonly Ref[];
  /** The calls, in the order they run. */
  readonly nodes: readonly GraphNode[];
  /**
   * How many streams of random numbers a run takes. The stream of a `random` node counts from the first of them; its seed is that
   * of the run.
   */
  readonly draws: number;
}
