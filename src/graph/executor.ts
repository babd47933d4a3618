/**
 * Running a graph without allocating: memory is planned once from the buffers' lifetimes, calls are bound to it once, and
 * a run is one call after another.
 */
import type { Backend, Memory, Tensor } from '../backends/backend.js';
import { type Graph, type GraphBuffer, type GraphNode, isRef, type Ref, readsOf, writesOf } from './graph.js';

/** First and last node at which a buffer's content counts. */
function lifetimes({ nodes, outputs }: Graph): Map<GraphBuffer, [first: number, last: number]> {
  const spans = new Map<GraphBuffer, [number, number]>();
  nodes.forEach((node, i) => {
    for (const { buffer } of [...writesOf(node), ...readsOf(node)]) {
      const span = spans.get(buffer);
      if (span) span[1] = i;
      else spans.set(buffer, [i, i]);
    }
  });
  for (const { buffer } of outputs) {
    const span = spans.get(buffer);
    if (span) span[1] = nodes.length;
  }
  return spans;
}

/** Memory for each computed buffer; buffers that are never alive together share it. */
function plan(graph: Graph, device: Backend): { memories: Map<GraphBuffer, Memory>; owned: Memory[] } {
  const spans = [...lifetimes(graph)]
    .filter(([buffer]) => buffer.kind === 'computed')
    .sort((a, b) => a[1][0] - b[1][0]);
  const memories = new Map<GraphBuffer, Memory>();
  const owned: Memory[] = [];
  const free: Memory[] = [];
  const busy: { until: number; memory: Memory }[] = [];
  for (const [buffer, [first, last]] of spans) {
    for (let k = busy.length - 1; k >= 0; k--)
      if (busy[k].until < first) free.push(...busy.splice(k, 1).map((b) => b.memory));
    // Only blocks of the same kind are shared: a backend may lay a block out by its size.
    const found = free.findIndex((m) => m.dtype === buffer.dtype && m.size === buffer.size);
    const memory = found >= 0 ? free.splice(found, 1)[0] : device.alloc(buffer.size, buffer.dtype);
    if (found < 0) owned.push(memory);
    memories.set(buffer, memory);
    busy.push({ until: last, memory });
  }
  return { memories, owned };
}

/** What stands in the place of an input's memory until a run brings it. */
const UNBOUND: Memory = { dtype: 'float32', size: 0 };

/** A graph ready to run on a device. */
export class Executor {
  readonly #device: Backend;
  readonly #graph: Graph;
  readonly #owned: Memory[];
  readonly #calls: (() => void)[];
  readonly #outputs: Tensor[];
  /** The tensors that stand for inputs: they get their memory before each run. */
  readonly #bound: { input: number; tensor: { memory: Memory } }[] = [];

  constructor(graph: Graph, device: Backend, constants: readonly Memory[]) {
    const { memories, owned } = plan(graph, device);
    this.#device = device;
    this.#graph = graph;
    this.#owned = [...owned, ...constants];
    const tensorOf = (ref: Ref): Tensor => {
      const input = graph.inputs.findIndex(({ buffer }) => buffer === ref.buffer);
      const memory = memories.get(ref.buffer) ?? ref.buffer.constant ?? UNBOUND;
      const tensor = { shape: ref.shape, dtype: ref.buffer.dtype, memory };
      if (input >= 0) this.#bound.push({ input, tensor });
      return tensor;
    };
    this.#calls = graph.nodes.map((node) => callOf(node, device, tensorOf));
    this.#outputs = graph.outputs.map(tensorOf);
  }

  /** The shapes and dtypes of the results. */
  get outputs(): readonly Tensor[] {
    return this.#outputs;
  }

  /** The graph that is run. */
  get graph(): Graph {
    return this.#graph;
  }

  /** Runs the graph on inputs of the recorded shapes. The results are valid until the next run. */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    for (const { input, tensor } of this.#bound) tensor.memory = inputs[input].memory;
    for (const call of this.#calls) call();
    return this.#outputs;
  }

  /** Runs the graph and measures each node, in milliseconds. */
  profile(inputs: readonly Tensor[]): [node: GraphNode, milliseconds: number][] {
    this.run(inputs);
    return this.#calls.map((call, i) => {
      const start = performance.now();
      call();
      return [this.#graph.nodes[i], performance.now() - start];
    });
  }

  /** Gives the planned memory back. */
  free(): void {
    for (const memory of this.#owned.splice(0)) this.#device.free(memory);
  }
}

/** A call with its tensors in place, made once so that a run allocates nothing. */
function callOf({ op, args }: GraphNode, device: Backend, tensorOf: (ref: Ref) => Tensor): () => void {
  const bind = (value: unknown): unknown => {
    if (isRef(value)) return tensorOf(value);
    if (Array.isArray(value)) return value.map(bind);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bind(item)]));
    }
    return value;
  };
  const values = args.map(bind);
  const method = device[op] as (...args: unknown[]) => void;
  return () => method.apply(device, values);
}
