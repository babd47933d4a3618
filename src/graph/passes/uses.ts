/** Who reads and who writes each buffer, kept right while a pass replaces nodes. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';

/** Stands for whoever asked for an output. */
const OUTSIDE: GraphNode = { op: 'fill', args: [] };

/** The nodes of a graph in their order, and their uses of buffers. */
export class Uses {
  readonly #slots: (GraphNode | null)[];
  readonly #places = new Map<GraphNode, number>();
  readonly #readers = new Map<GraphBuffer, GraphNode[]>();
  readonly #writers = new Map<GraphBuffer, GraphNode[]>();

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
    const readers = this.#readers.get(buffer) ?? [];
    const isPassedOn = buffer.kind === 'computed' && readers.length === 1 && readers[0] !== OUTSIDE;
    return isPassedOn && this.#writers.get(buffer)?.length === 1 ? readers[0] : null;
  }

  /** Whether something that `first` reads is written after it and before `last`: then it cannot run there instead. */
  isOvertaken(first: GraphNode, last: GraphNode): boolean {
    const [from, to] = [this.#places.get(first) ?? 0, this.#places.get(last) ?? 0];
    return readsOf(first).some(({ buffer }) =>
      this.#writers.get(buffer)?.some((writer) => {
        const place = this.#places.get(writer) ?? 0;
        return from < place && place < to;
      }),
    );
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
    for (const { buffer } of writesOf(node)) push(this.#writers, buffer, node);
  }

  #forget(node: GraphNode): void {
    this.#slots[this.#places.get(node) ?? 0] = null;
    this.#places.delete(node);
    for (const { buffer } of readsOf(node)) drop(this.#readers, buffer, node);
    for (const { buffer } of writesOf(node)) drop(this.#writers, buffer, node);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function drop<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.splice(list.indexOf(value), 1);
}
