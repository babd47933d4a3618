/** What writes down the primitives that a device is asked for. It shadows the device's methods, and restores nothing. */

import { type Arguments, mapTensors } from '../backends/arguments.js';
import type { Backend } from '../backends/backend.js';
import { OUTPUTS } from '../backends/outputs.js';
import type { DType, Memory, Primitive, Tensor } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import { GraphError } from '../errors.js';
import { type Costs, workOf } from './costs.js';
import { changedBy, type GraphBuffer, type GraphNode, nodeOf, type Ref, readsOf, writesOf } from './graph.js';

/** Says which layer is at work. */
export interface LayerTracker {
  readonly current: string;
}

type Call = (...args: unknown[]) => unknown;

/** Memory of a dry recording: it is taken when it is first written or read. What depends on the inputs never takes any. */
class LazyMemory implements Memory {
  real: Memory | null = null;
  /** Gives it the content that it begins with. */
  fill: (() => void) | null = null;

  constructor(
    readonly size: number,
    readonly dtype: DType,
  ) {}
}

const PRIMITIVES = Object.keys(OUTPUTS).filter((name): name is Primitive => name in OUTPUTS);

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'memory' in value && 'shape' in value && 'dtype' in value;
}

/** What was called so far, and the memory that it concerns. */
export class Recorder {
  /** Without `dry` every call is made; with it those that depend on the inputs are not, and its costs are told of the others. */
  constructor(
    readonly layers: LayerTracker,
    readonly dry: Costs | null,
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
  /** Memory of a dry recording that no array has any more. */
  readonly #givenUp: LazyMemory[] = [];
  #realOf: (memory: Memory) => Memory = (memory) => memory;

  bufferOf(memory: Memory, kind: GraphBuffer['kind']): GraphBuffer {
    let buffer = this.#buffers.get(memory);
    if (!buffer) {
      const { size, dtype } = memory;
      const constant = memory instanceof LazyMemory ? memory.real : memory;
      buffer = { id: this.#buffers.size, size, dtype, kind, constant };
      this.#buffers.set(memory, buffer);
    }
    return buffer;
  }

  /** Memory that each run of the graph is given. */
  inputRef({ memory, shape }: Tensor): Ref {
    const buffer = this.bufferOf(memory, 'input');
    buffer.kind = 'input';
    buffer.constant = null;
    this.#varying.add(buffer);
    return { buffer, shape: [...shape] };
  }

  /** What was not allocated while recording was there before: a parameter, or a constant of the program. */
  refOf({ memory, shape }: Tensor): Ref {
    return { buffer: this.bufferOf(memory, 'constant'), shape: [...shape] };
  }

  #nodeOf<P extends Primitive>(op: P, args: Arguments<P>): GraphNode {
    const refs = mapTensors<P, Tensor, Ref>(args, (tensor) => this.refOf(tensor));
    const node = nodeOf(op, refs, this.layers.current);
    if (node.op !== 'random') return node;
    // Each run draws anew: the seed and the stream of this call are those of a run that is not one.
    const [kind, , , out] = node.args;
    return { ...node, args: [kind, 0, this.draws++, out] };
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
    const { slice } = device;
    /** The memory itself, taken now if nothing needed it before. */
    const realOf = (memory: Memory): Memory => {
      if (!(memory instanceof LazyMemory)) return memory;
      if (memory.real) return memory.real;
      this.dry?.reserve(bytesOf(memory), true);
      memory.real = alloc(memory.size, memory.dtype) as Memory;
      memory.fill?.();
      memory.fill = null;
      this.bufferOf(memory, 'computed').constant = memory.real;
      return memory.real;
    };
    const keepCopy = (memory: Memory): Memory => {
      const { size, dtype } = memory;
      this.dry?.reserve(bytesOf(memory), true);
      const copy = alloc(size, dtype) as Memory;
      cast({ shape: [size], dtype, memory: realOf(memory) }, { shape: [size], dtype, memory: copy });
      this.abandoned.push(copy);
      return copy;
    };
    const inner = (run: Call, args: readonly unknown[]): unknown => {
      depth++;
      try {
        return run(...args);
      } finally {
        depth--;
      }
    };
    for (const op of PRIMITIVES) {
      const run = (device[op] as Call).bind(device);
      shadows.set(op, (...args) => {
        if (depth > 0) return run(...args);
        const node = this.#nodeOf(op, args as unknown as Arguments<Primitive>);
        const varies = this.#note(node, keepCopy);
        if (!this.dry) return inner(run, args);
        if (varies) return undefined;
        if (op === 'fill') {
          // What is filled and then partly written, as a padded array, is not a constant: no memory is taken before it is read.
          const [{ shape, dtype, memory }, value] = args as [Tensor, number];
          if (memory instanceof LazyMemory && !memory.real) {
            memory.fill = () => inner(run, [{ shape, dtype, memory: memory.real }, value]);
            return undefined;
          }
        }
        this.dry.compute(workOf(node));
        return inner(
          run,
          args.map((arg) => withRealMemory(arg, realOf)),
        );
      });
    }
    shadows.set('write', (memory, data) => {
      const buffer = this.#buffers.get(memory as Memory);
      if (buffer?.kind === 'computed') this.#fromHost.set(buffer, memory as Memory);
      return write(realOf(memory as Memory), data);
    });
    shadows.set('alloc', (...args) => {
      if (depth > 0) return alloc(...args);
      const memory = this.dry ? this.#declared(...(args as [number, DType])) : (alloc(...args) as Memory);
      this.bufferOf(memory, 'computed');
      return memory;
    });
    if (slice)
      shadows.set('slice', (memory, ...args) => (slice as Call).call(device, realOf(memory as Memory), ...args));
    for (const name of ['read', 'readSync'] as const) {
      const run = (device[name] as Call).bind(device);
      shadows.set(name, (memory) => {
        const buffer = this.#buffers.get(memory as Memory);
        if (buffer && this.#varying.has(buffer)) {
          throw new GraphError(
            'compile: the program looks at values that depend on its inputs or on random draws, which a static graph cannot',
          );
        }
        return run(realOf(memory as Memory));
      });
    }
    shadows.set('free', (memory) => {
      const buffer = this.#buffers.get(memory as Memory);
      if (memory instanceof LazyMemory) this.#givenUp.push(memory);
      // Freed memory may hold a constant of the graph, unless it depends on the inputs; who compiles frees the rest.
      else if (buffer && !this.#varying.has(buffer)) this.abandoned.push(memory as Memory);
      else free(memory);
    });
    this.#realOf = realOf;
    return shadows;
  }

  #declared(size: number, dtype: DType): LazyMemory {
    const memory = new LazyMemory(size, dtype);
    this.dry?.declare(bytesOf(memory));
    return memory;
  }

  /** Takes the memory of the constants that the graph reads and that nothing needed before, and gives up all that was taken. */
  settle(outputs: readonly Ref[]): void {
    const read = new Set(outputs.map(({ buffer }) => buffer));
    for (const node of this.nodes) for (const { buffer } of readsOf(node)) read.add(buffer);
    for (const memory of this.#givenUp) {
      const buffer = this.#buffers.get(memory);
      if (buffer && read.has(buffer) && !this.#varying.has(buffer)) this.#realOf(memory);
    }
  }

  /** Gives up all memory that was taken for a dry recording: it may hold constants of the graph. */
  abandonAll(): void {
    for (const { real } of this.#givenUp) if (real) this.abandoned.push(real);
  }
}

/** An argument with the memory of its tensors taken. */
function withRealMemory(value: unknown, realOf: (memory: Memory) => Memory): unknown {
  if (isTensor(value)) return { shape: value.shape, dtype: value.dtype, memory: realOf(value.memory) };
  if (Array.isArray(value)) return value.map((item) => withRealMemory(item, realOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRealMemory(item, realOf)]));
}
