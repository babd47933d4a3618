/**
 * Recording: runs a computation once on its real device and writes down every primitive it calls. Running for real means
 * that all it does beside is right too: shapes, labels looked at, constants made on the way.
 */
import type { Backend, Memory, Tensor } from '../backends/backend.js';
import { GraphError } from '../errors.js';
import { withoutTakingStreams } from '../ndarray/kernel-streams.js';
import type { NDArray } from '../ndarray/ndarray.js';
import { whileRecording } from '../ndarray/recording.js';
import {
  changedBy,
  type Graph,
  type GraphBuffer,
  type GraphNode,
  OUTPUTS,
  type Primitive,
  type Ref,
  readsOf,
  writesOf,
} from './graph.js';

/** How a computation is recorded. */
export interface RecordOptions {
  /** Asked at each call which layer makes it. */
  readonly layers?: LayerTracker;
  /** Calls that depend on the inputs are written down and not made; what they would fill has no content. Default false. */
  readonly dry?: boolean;
}

/** What was recorded, and what must be freed once it is no longer needed. */
export interface Recording<T> {
  graph: Graph;
  /** What the computation gave. */
  result: T;
  /** Memory that the computation allocated and gave up. */
  abandoned: readonly Memory[];
}

type Call = (...args: unknown[]) => unknown;

const PRIMITIVES = Object.keys(OUTPUTS).filter((name): name is Primitive => name in OUTPUTS);

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'memory' in value && 'shape' in value && 'dtype' in value;
}

class Recorder {
  constructor(
    readonly layers: LayerTracker,
    readonly dry: boolean,
  ) {}

  readonly nodes: GraphNode[] = [];
  readonly abandoned: Memory[] = [];
  readonly #buffers = new Map<Memory, GraphBuffer>();
  /** How many random numbers' streams were drawn. */
  draws = 0;
  /** Memory whose content depends on the inputs, or is random. */
  readonly #varying = new Set<GraphBuffer>();
  /** Memory allocated while recording that only the host has written. */
  readonly #fromHost = new Map<GraphBuffer, Memory>();

  bufferOf(memory: Memory, kind: GraphBuffer['kind']): GraphBuffer {
    let buffer = this.#buffers.get(memory);
    if (!buffer) {
      const { size, dtype } = memory;
      buffer = { id: this.#buffers.size, size, dtype, kind, constant: kind === 'input' ? null : memory };
      this.#buffers.set(memory, buffer);
      if (kind === 'input') this.#varying.add(buffer);
    }
    return buffer;
  }

  /** What was not allocated while recording was there before: a parameter, or a constant of the program. */
  refOf({ memory, shape }: Tensor): Ref {
    return { buffer: this.bufferOf(memory, 'constant'), shape: [...shape] };
  }

  #described(value: unknown): unknown {
    if (isTensor(value)) return this.refOf(value);
    if (Array.isArray(value)) return value.map((item) => this.#described(item));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#described(item)]));
    }
    return value;
  }

  #nodeOf(op: Primitive, args: readonly unknown[]): GraphNode {
    const described = args.map((arg) => this.#described(arg));
    // Each run draws anew: the seed and the stream of this call are those of a run that is not one.
    if (op === 'random') described.splice(1, 2, 0, this.draws++);
    return { op, args: described, layer: this.layers.current };
  }

  /** Writes a call down, and says whether what it gives may differ from run to run. */
  #note(node: GraphNode, keepCopy: (memory: Memory) => Memory): boolean {
    // What a call changes in place starts each run as the host left it: from a copy of now.
    for (const ref of changedBy(node)) {
      const memory = this.#fromHost.get(ref.buffer);
      if (!memory) continue;
      const copy = { buffer: this.bufferOf(keepCopy(memory), 'constant'), shape: ref.shape };
      this.nodes.push({ op: 'cast', args: [copy, ref], layer: node.layer });
    }
    for (const { buffer } of writesOf(node)) this.#fromHost.delete(buffer);
    this.nodes.push(node);
    const varies = node.op === 'random' || readsOf(node).some(({ buffer }) => this.#varying.has(buffer));
    if (varies) for (const { buffer } of writesOf(node)) this.#varying.add(buffer);
    return varies;
  }

  /** The methods that shadow the device's while recording. */
  shadows(device: Backend): Map<keyof Backend, Call> {
    const shadows = new Map<keyof Backend, Call>();
    // A backend may call its own primitives; only the outermost call is a node.
    let depth = 0;
    const [alloc, free, cast, write] = [device.alloc, device.free, device.cast, device.write].map((method) =>
      (method as Call).bind(device),
    );
    const keepCopy = (memory: Memory): Memory => {
      const { size, dtype } = memory;
      const copy = alloc(size, dtype) as Memory;
      cast({ shape: [size], dtype, memory }, { shape: [size], dtype, memory: copy });
      this.abandoned.push(copy);
      return copy;
    };
    for (const op of PRIMITIVES) {
      const run = (device[op] as Call).bind(device);
      shadows.set(op, (...args) => {
        if (depth === 0 && this.#note(this.#nodeOf(op, args), keepCopy) && this.dry) return undefined;
        depth++;
        try {
          return run(...args);
        } finally {
          depth--;
        }
      });
    }
    shadows.set('write', (memory, data) => {
      const buffer = this.#buffers.get(memory as Memory);
      if (buffer?.kind === 'computed') this.#fromHost.set(buffer, memory as Memory);
      return write(memory, data);
    });
    shadows.set('alloc', (...args) => {
      const memory = alloc(...args) as Memory;
      if (depth === 0) this.bufferOf(memory, 'computed');
      return memory;
    });
    for (const name of ['read', 'readSync'] as const) {
      const run = (device[name] as Call).bind(device);
      shadows.set(name, (memory) => {
        const buffer = this.#buffers.get(memory as Memory);
        if (buffer && this.#varying.has(buffer)) {
          throw new GraphError(
            'compile: the program looks at values that depend on its inputs or on random draws, which a static graph cannot',
          );
        }
        return run(memory);
      });
    }
    shadows.set('free', (memory) => {
      const buffer = this.#buffers.get(memory as Memory);
      // Freed memory may hold a constant of the graph, unless it depends on the inputs; who compiles frees the rest.
      if (buffer && !this.#varying.has(buffer)) this.abandoned.push(memory as Memory);
      else free(memory);
    });
    return shadows;
  }
}

/** Says which layer is at work. */
export interface LayerTracker {
  readonly current: string;
}

/**
 * Runs `fn` on the arrays and records it; what it gives names the arrays that are results. All arrays live on one device.
 *
 * @throws GraphError if `fn` looks at values that depend on the inputs, or gives back an array of another device.
 */
export function record<T extends { readonly arrays: readonly NDArray[] }>(
  inputs: readonly NDArray[],
  device: Backend,
  fn: () => T,
  { layers = { current: '' }, dry = false }: RecordOptions = {},
): Recording<T> {
  const recorder = new Recorder(layers, dry);
  const inputRefs = inputs.map(({ memory, shape }) => ({
    buffer: recorder.bufferOf(memory, 'input'),
    shape: [...shape],
  }));
  const shadows = recorder.shadows(device);
  const before = new Map([...shadows.keys()].map((name) => [name, Object.getOwnPropertyDescriptor(device, name)]));
  for (const [name, value] of shadows)
    Object.defineProperty(device, name, { value, configurable: true, writable: true });
  let result: T;
  let failed = true;
  try {
    result = withoutTakingStreams(() => whileRecording(fn));
    failed = false;
  } finally {
    for (const [name, own] of before) {
      if (own) Object.defineProperty(device, name, own);
      else Reflect.deleteProperty(device, name);
    }
    // Nobody gets the memory that a computation gave up before it failed.
    if (failed) for (const memory of recorder.abandoned) device.free(memory);
  }
  for (const y of result.arrays) {
    if (y.device !== device)
      throw new GraphError(`compile: an output is on '${y.device.name}', expected '${device.name}'`);
  }
  const outputRefs = result.arrays.map((y) => recorder.refOf(y));
  const graph = { inputs: inputRefs, outputs: outputRefs, nodes: recorder.nodes, draws: recorder.draws };
  return { graph, result, abandoned: recorder.abandoned };
}
