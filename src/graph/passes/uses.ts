/** The readers and writers of each buffer, kept up to date while a pass replaces nodes. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';

/** The nodes of each buffer, each node once. Most buffers have one node, for which no set is made. */
export class NodesOf {
  readonly #nodes = new Map<GraphBuffer, GraphNode | Set<GraphNode>>();

  add(buffer: GraphBuffer, node: GraphNode): void {
    const found = this.#nodes.get(buffer);
    if (found instanceof Set) found.add(node);
    else if (found !== node) this.#nodes.set(buffer, found ? new Set([found, node]) : node);
  }

  delete(buffer: GraphBuffer, node: GraphNode): void {
    const found = this.#nodes.get(buffer);
    if (found instanceof Set) found.delete(node);
    else if (found === node) this.#nodes.delete(buffer);
  }

  /** The node of a buffer that has exactly one; else null. */
  only(buffer: GraphBuffer): GraphNode | null {
    const found = this.#nodes.get(buffer);
    if (!(found instanceof Set)) return found ?? null;
    const [node] = found;
    return found.size === 1 ? node : null;
  }

  get(buffer: GraphBuffer): Iterable<GraphNode> {
    const found = this.#nodes.get(buffer) ?? [];
    return 'op' in found ? [found] : found;
  }

  /** The buffers that have nodes. */
  buffers(): Iterable<GraphBuffer> {
    return this.#nodes.keys();
  }
}

/** The nodes of a graph in order, and their uses of buffers. */
export class Uses {
  readonly #slots: (GraphNode | null)[];
  readonly #places = new Map<GraphNode, number>();
  readonly #readers = new NodesOf();
  readonly #writers = new NodesOf();
  readonly #outputs: ReadonlySet<GraphBuffer>;
  /** The place of the last node that writes each buffer. */
  readonly #lastWrite = new Map<GraphBuffer, number>();

  constructor({ nodes, outputs }: Graph) {
    this.#slots = [...nodes];
    this.#outputs = new Set(outputs.map(({ buffer }) => buffer));
    nodes.forEach((node, i) => {
      this.#note(node, i);
    });
  }

  /** The remaining nodes, in order. */
  get nodes(): GraphNode[] {
    return this.#slots.filter((node) => node !== null);
  }

  /** The node at a place of the original graph; null if it was removed or fused into a later node. */
  at(place: number): GraphNode | null {
    return this.#slots[place];
  }

  /**
   * The only reader of a buffer, if one node writes the buffer and it is neither input, output nor constant; else null. A node that
   * reads the buffer twice, such as x + x, does not count.
   */
  soleReader(buffer: GraphBuffer): GraphNode | null {
    const reader = this.#readers.only(buffer);
    if (buffer.kind !== 'computed' || this.#outputs.has(buffer) || !reader || !this.#writers.only(buffer)) return null;
    return readsOf(reader).filter((ref) => ref.buffer === buffer).length === 1 ? reader : null;
  }

  /** Whether a later node writes something that `first` reads. Then `first` cannot run later. */
  isOvertaken(first: GraphNode): boolean {
    const place = this.#places.get(first) ?? 0;
    return readsOf(first).some(({ buffer }) => (this.#lastWrite.get(buffer) ?? -1) > place);
  }

  /** Replaces two nodes by one at the place of the second. */
  fuse(first: GraphNode, second: GraphNode, fused: GraphNode): void {
    const place = this.#places.get(second) ?? 0;
    this.#forget(first);
    this.#forget(second);
    this.#slots[place] = fused;
    this.#note(fused, place);
  }

  /** Removes a node. */
  remove(node: GraphNode): void {
    this.#forget(node);
  }

  /** Replaces a node by another at the same place. */
  replace(node: GraphNode, by: GraphNode): void {
    const place = this.#places.get(node) ?? 0;
    this.#forget(node);
    this.#slots[place] = by;
    this.#note(by, place);
  }

  #note(node: GraphNode, place: number): void {
    this.#places.set(node, place);
    for (const { buffer } of readsOf(node)) this.#readers.add(buffer, node);
    for (const { buffer } of writesOf(node)) {
      this.#writers.add(buffer, node);
      this.#lastWrite.set(buffer, Math.max(place, this.#lastWrite.get(buffer) ?? 0));
    }
  }

  #forget(node: GraphNode): void {
    this.#slots[this.#places.get(node) ?? 0] = null;
    this.#places.delete(node);
    for (const { buffer } of readsOf(node)) this.#readers.delete(buffer, node);
    for (const { buffer } of writesOf(node)) this.#writers.delete(buffer, node);
  }
}
