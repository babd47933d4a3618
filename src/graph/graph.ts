/**
 * A static graph: the primitives that a computation called, in order, over buffers. It is what `compile` makes of a model
 * and what an executor runs. It knows the seam's calls and nothing of Variables or links.
 *
 * The unit of data is the buffer (one block of device memory), not the value: a primitive may write into a buffer that
 * exists, as the seam allows, so a buffer is alive from its first writer to its last reader.
 */

import { type Arguments, mapTensors } from '../backends/arguments.js';
import { type DType, type Memory, OUTPUTS, type Outputs, type Primitive } from '../backends/primitives.js';

/** Where a buffer's content comes from. */
type BufferKind = 'input' | 'constant' | 'computed';

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
  constant: Memory | null;
}

/** A tensor of a call: a buffer seen in a shape. */
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

/** One call of a primitive. `op` tells the arguments' types. */
export type GraphNode<P extends Primitive = Primitive> = { [K in P]: Call<K> }[P];

/** The node of a call whose primitive is a type parameter: TypeScript sees that `op` and `args` fit only in the signature. */
export function nodeOf<P extends Primitive>(op: P, args: Arguments<P, Ref>, layer?: string): GraphNode;
export function nodeOf(op: Primitive, args: unknown, layer?: string): object {
  return { op, args, layer };
}

/** The tensors of a call in the arguments whose places are `wanted`. */
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
