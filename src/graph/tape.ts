/** The notes of a recording: the calls so far, and the buffers that they read and write. */
import { type Arguments, mapTensors } from '../backends/arguments.js';
import type { Memory, Primitive, Tensor } from '../backends/primitives.js';
import {
  changedBy,
  type Graph,
  type GraphBuffer,
  type GraphNode,
  nodeOf,
  type Ref,
  readsOf,
  writesOf,
} from './graph.js';

/** Tells the layer that makes the current calls. */
export interface LayerTracker {
  /** The layer's path, such as `res2/a/conv1`; '' outside of all layers. */
  readonly current: string;
}

/** A call that has been noted. */
export interface NotedCall {
  readonly node: GraphNode;
  /** Whether the results depend on the inputs or are random: then a later run computes others. */
  readonly varies: boolean;
}

export class Tape {
  readonly nodes: GraphNode[] = [];
  /** The number of random streams drawn so far. */
  #draws = 0;
  readonly #layers: LayerTracker;
  readonly #buffers = new Map<Memory, GraphBuffer>();
  /** The buffers whose content depends on the inputs or is random. */
  readonly #varying = new Set<GraphBuffer>();
  /** The memory of buffers that the recording allocated and only the host has written. */
  readonly #fromHost = new Map<GraphBuffer, Memory>();

  constructor(layers: LayerTracker) {
    this.#layers = layers;
  }

  /** The buffer of a block of memory. A block that has none gets one of this kind, with its content if that is there. */
  bufferOf(memory: Memory, kind: GraphBuffer['kind'], constant: Memory | null = memory): GraphBuffer {
    let buffer = this.#buffers.get(memory);
    if (!buffer) {
      const { size, dtype } = memory;
      buffer = { id: this.#buffers.size, size, dtype, kind, constant };
      this.#buffers.set(memory, buffer);
    }
    return buffer;
  }

  /** A tensor that each run of the graph is given. */
  inputRef({ memory, shape }: Tensor): Ref {
    const buffer = this.bufferOf(memory, 'input');
    buffer.kind = 'input';
    buffer.constant = null;
    this.#varying.add(buffer);
    return { buffer, shape: [...shape] };
  }

  /** A tensor of a call. Memory that the recording did not allocate is constant, such as a parameter's. */
  refOf({ memory, shape }: Tensor): Ref {
    return { buffer: this.bufferOf(memory, 'constant'), shape: [...shape] };
  }

  /** Whether the content of memory depends on the inputs or is random. */
  varies(memory: Memory): boolean {
    const buffer = this.#buffers.get(memory);
    return buffer !== undefined && this.#varying.has(buffer);
  }

  /** Whether a block of memory has a buffer. */
  has(memory: Memory): boolean {
    return this.#buffers.has(memory);
  }

  /**
   * Notes a call.
   *
   * @param copyOf copies memory that only the host has written; asked where the call changes it in place
   */
  note<P extends Primitive>(op: P, args: Arguments<P>, copyOf: (memory: Memory) => Memory): NotedCall {
    const node = this.#nodeOf(op, args);
    // Each run of the graph changes what the host wrote here, so each run starts with a copy of it.
    for (const ref of changedBy(node)) {
      const memory = this.#fromHost.get(ref.buffer);
      if (!memory) continue;
      const copy = { buffer: this.bufferOf(copyOf(memory), 'constant'), shape: ref.shape };
      this.nodes.push({ op: 'cast', args: [copy, ref], layer: node.layer });
    }
    for (const { buffer } of writesOf(node)) this.#fromHost.delete(buffer);
    this.nodes.push(node);
    const varies = node.op === 'random' || readsOf(node).some(({ buffer }) => this.#varying.has(buffer));
    if (varies) for (const { buffer } of writesOf(node)) this.#varying.add(buffer);
    return { node, varies };
  }

  /** Notes that the host writes memory. */
  noteHostWrite(memory: Memory): void {
    const buffer = this.#buffers.get(memory);
    if (buffer?.kind === 'computed') this.#fromHost.set(buffer, memory);
  }

  /** The graph of all calls so far. */
  graph(inputs: readonly Ref[], outputs: readonly Ref[]): Graph {
    return { inputs, outputs, nodes: this.nodes, draws: this.#draws };
  }

  #nodeOf<P extends Primitive>(op: P, args: Arguments<P>): GraphNode {
    const refs = mapTensors<P, Tensor, Ref>(args, (tensor) => this.refOf(tensor));
    const node = nodeOf(op, refs, this.#layers.current);
    if (node.op !== 'random') return node;
    // A run has a seed of its own, and counts streams from its first one.
    const [kind, , , out] = node.args;
    return { ...node, args: [kind, 0, this.#draws++, out] };
  }
}
