/** Who reads and who writes each buffer, kept right while a pass replaces nodes. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';

/** Stands for whoever asked for an output. */
const OUTSIDE: GraphNode = { op: 'fill', args: [] };

/** The nodes of a graph in their order, and their uses of buffers. */
export class Uses {
  readonly #slots: (GraphNode | null)[];
  readonly #places = new Map<GraphNode, number>();
  readonly #readers = new Map<GraphBuffer, Set<GraphNode>>();
  readonly #writers = new Map<GraphBuffer, Set<GraphNode>>();
  /** Where each buffer was written last. */
  readonly #lastWrite = new Map<GraphBuffer, number>();

  constructor({ nodes, outputs }: Graph) {
    this.#slots = [...nodes];
    nodes.forEach((node, i) => {
      this.#note(node, i);
    });
    for (const { buffer } of outputs) push(this.#readers, buffer, OUTSIDE);
  }

  /** The nodes that are left, in order. */
  get nodes(): GraphNode[] {
    return this.#slots.filter((node) => node !== null);
  }

  /** The node at a place of the graph as it was given; null where it became part of a later one. */
  at(place: number): GraphNode | null {
    return this.#slots[place];
  }

  /** The only reader of a buffer that only one node writes, and that is neither input, output nor constant. */
  soleReader(buffer: GraphBuffer): GraphNode | null {
    const readers = this.#readers.get(buffer);
    if (buffer.kind !== 'computed' || readers?.size !== 1 || this.#writers.get(buffer)?.size !== 1) return null;
    const [reader] = readers;
    // x + x reads it twice.
    const isOnce = reader !== OUTSIDE && readsOf(reader).filter((ref) => ref.buffer === buffer).length === 1;
    return isOnce ? reader : null;
  }

  /** Whether something that `first` reads may be written behind it: then it cannot run where a later node runs instead. */
  isOvertaken(first: GraphNode): boolean {
    const place = this.#places.get(first) ?? 0;
    return readsOf(first).some(({ buffer }) => (this.#lastWrite.get(buffer) ?? -1) > place);
  }

  /** Replaces two nodes by others that run where the second ran. */
  fuse(first: GraphNode, second: GraphNode, fused: GraphNode): void {
    const place = this.#places.get(second) ?? 0;
    this.#forget(first);
    this.#forget(second);
    this.#slots[place] = fused;
    this.#note(fused, place);
  }

  /** Takes a node out. */
  remove(node: GraphNode): void {
    this.#forget(node);
  }

  /** Puts another node into the place of one. */
  replace(node: GraphNode, by: GraphNode): void {
    const place = this.#places.get(node) ?? 0;
    this.#forget(node);
    this.#slots[place] = by;
    this.#note(by, place);
  }

  #note(node: GraphNode, place: number): void {
    this.#places.set(node, place);
    for (const { buffer } of readsOf(node)) push(this.#readers, buffer, node);
    for (const { buffer } of writesOf(node)) {
      push(this.#writers, buffer, node);
      this.#lastWrite.set(buffer, Math.max(place, this.#lastWrite.get(buffer) ?? 0));
    }
  }

  #forget(node: GraphNode): void {
    this.#slots[this.#places.get(node) ?? 0] = null;
    this.#places.delete(node);
    for (const { buffer } of readsOf(node)) drop(this.#readers, buffer, node);
    for (const { buffer } of writesOf(node)) drop(this.#writers, buffer, node);
  }
}

function push<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const found = map.get(key);
  if (found) found.add(value);
  else map.set(key, new Set([value]));
}

function drop<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  map.get(key)?.delete(value);
}
