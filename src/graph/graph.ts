/**
 * A static graph: the primitives that a computation called, in order. `compile` makes it of a model, and an executor runs it. It
 * holds no Variables and no links.
 *
 * The unit of data is the buffer, one block of device memory. A primitive may write a buffer that holds something already, so
 * a buffer is alive from its first writer to its last reader.
 */

import { type Arguments, mapTensors } from '../backends/arguments.js';
import { type DType, type Memory, OUTPUTS, type Outputs, type Primitive } from '../backends/primitives.js';

/** Where a buffer's content comes from. */
type BufferKind = 'input' | 'constant' | 'computed';

/** One block of memory of the computation. */
export interface GraphBuffer {
  /** The buffer's number, in the order in which buffers were found. */
  readonly id: number;
  /** The number of elements. */
  readonly size: number;
  /** The type of the elements. */
  readonly dtype: DType;
  /** The origin of the content. */
  kind: BufferKind;
  /** The content that is there before a run; null if there is none. */
  constant: Memory | null;
}

/** A tensor of a call: a buffer in a shape. */
export interface Ref {
  readonly buffer: GraphBuffer;
  readonly shape: readonly number[];
}

/** Whether an operand is a tensor, not a number. */
export const isRef = (operand: Ref | number): operand is Ref => typeof operand !== 'number';

/** A call of the primitive `P`. */
interface Call<P extends Primitive> {
  /** The primitive. */
  readonly op: P;
  /** Its arguments, with a `Ref` in the place of each tensor. */
  readonly args: Arguments<P, Ref>;
  /** The layer that made the call, such as `res2/a/conv1`; '' or absent where none did. */
  readonly layer?: string;
}

/** One call of a primitive. The value of `op` decides the types of `args`. */
export type GraphNode<P extends Primitive = Primitive> = { [K in P]: Call<K> }[P];

/** The node of a call whose primitive is a type parameter. */
export function nodeOf<P extends Primitive>(op: P, args: Arguments<P, Ref>, layer?: string): GraphNode;
export function nodeOf(op: Primitive, args: unknown, layer?: string): object {
  return { op, args, layer };
}

/** The tensors of a call whose arguments' places are `wanted`. */
function refsOf({ op, args }: GraphNode, wanted: (place: number, outputs: Outputs) => boolean): Ref[] {
  const refs: Ref[] = [];
  const outputs = OUTPUTS[op];
  mapTensors(args, (ref: Ref, place) => {
    if (wanted(place, outputs)) refs.push(ref);
  });
  return refs;
}

/** The tensors that a call writes. */
export function writesOf(node: GraphNode): Ref[] {
  return refsOf(node, (place, { whole, changed }) => whole.includes(place) || changed.includes(place));
}

/** The tensors that a call writes in part, or adds to. */
export function changedBy(node: GraphNode): Ref[] {
  return refsOf(node, (place, { changed }) => changed.includes(place));
}

/** The tensors whose content a call depends on. */
export function readsOf(node: GraphNode): Ref[] {
  return refsOf(node, (place, { whole }) => !whole.includes(place));
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
  /** The tensors that a run is given. */
  readonly inputs: readonly Ref[];
  /** The tensors that a run computes. */
  readonly outputs: readonly Ref[];
  /** The calls, in the order in which they run. */
  readonly nodes: readonly GraphNode[];
  /**
   * The number of random streams that a run takes. The stream of a `random` node counts from the first of them; each run has a
   * seed of its own.
   */
  readonly draws: number;
}
