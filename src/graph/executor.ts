/**
 * The executor of a graph. It plans memory once from the buffers' lifetimes and binds each call once; a run makes one call after
 * the other and allocates nothing. The caller brings the memory of inputs and outputs to each run.
 */

import type { Backend, WeightFormat } from '../backends/backend.js';
import type { Memory, Tensor } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import { GraphError } from '../errors.js';
import { takeStreams } from '../ndarray/kernel-streams.js';
import { isRecording } from '../ndarray/recording.js';
import { allocateBuffers } from './arena.js';
import { type BoundCall, bindCall, type RunStreams } from './calls.js';
import { type Costs, FREE } from './costs.js';
import { constantsIn, constantsOf, type Graph, type GraphBuffer, type Ref } from './graph.js';
import { leastBytes, lifetimesOf } from './lifetimes.js';

/** The memory of computed buffers, in bytes. */
export interface ArenaUse {
  /** Bytes that are allocated. */
  readonly peak: number;
  /** Bytes that would be allocated if no buffers shared memory. */
  readonly naive: number;
  /** Bytes that are alive together at one node, at most. No plan needs less. */
  readonly bound: number;
}

/** Options of {@link Executor}. */
export interface ExecutorOptions {
  /** The format of prepared weights. Default: 'float32'. */
  readonly weights?: WeightFormat;
  /** Told of each constant that no call reads any more, as soon as its packed copy exists. */
  readonly onUnread?: (memory: Memory) => void;
  /** Told of the memory that the graph is about to take. */
  readonly costs?: Costs;
}

/** Stands for the memory of inputs and outputs between runs. */
const UNBOUND: Memory = { dtype: 'float32', size: 0 };

/** A tensor that gets other memory at each run. */
interface Slot {
  readonly shape: readonly number[];
  readonly dtype: Tensor['dtype'];
  memory: Memory;
}

/** @throws GraphError during a recording: it would miss prepared calls, and calls that were bound earlier. */
function refuseRecording(): void {
  if (isRecording())
    throw new GraphError(
      'compile: a compiled model was made or called inside a function that is being compiled, which would keep its result as ' +
        'a constant: call the model that it was compiled from',
    );
}

/** A graph ready to run on a device. */
export class Executor {
  readonly device: Backend;
  readonly graph: Graph;
  readonly arena: ArenaUse;
  readonly calls: readonly BoundCall[];
  readonly #owned = new Set<Memory>();
  /** The tensors of each input, and of each output that a call writes directly. */
  readonly #inputs: Slot[][];
  readonly #outputs: Slot[][];
  /** Outputs that are inputs, constants, or another output's buffer. Each run copies them at its end. */
  readonly #copied: { output: number; from: Tensor }[] = [];
  /** The random streams of the current run. */
  readonly #streams: RunStreams = { seed: 0, first: 0 };
  /** The constants that calls read, each with its number of reading calls. */
  readonly #read = new Map<Memory, number>();

  /**
   * @param constants memory that the executor takes over. It frees each constant when no call reads it any more, the others with
   *   itself.
   */
  constructor(graph: Graph, device: Backend, constants: readonly Memory[], options: ExecutorOptions = {}) {
    const { weights = 'float32', onUnread, costs = FREE } = options;
    refuseRecording();
    this.device = device;
    this.graph = graph;
    const slots = new Map<GraphBuffer, Slot[]>();
    const slotsOf = ({ buffer }: Ref): Slot[] => {
      const list = slots.get(buffer) ?? [];
      slots.set(buffer, list);
      return list;
    };
    this.#inputs = graph.inputs.map(slotsOf);
    this.#outputs = graph.outputs.map((ref) =>
      ref.buffer.kind === 'computed' && !slots.has(ref.buffer) ? slotsOf(ref) : [],
    );
    const lifetimes = lifetimesOf(graph).filter(({ buffer }) => !slots.has(buffer));
    for (const memory of constants) this.#owned.add(memory);
    const calls: BoundCall[] = [];
    const standIns = new Map<GraphBuffer, Memory>();
    try {
      const { memories, owned, bytes } = allocateBuffers(lifetimes, device, (bytes) => costs.reserve(bytes, false));
      for (const memory of owned) this.#owned.add(memory);
      const naive = lifetimes.reduce((sum, { buffer }) => sum + bytesOf(buffer), 0);
      this.arena = { peak: bytes, naive, bound: leastBytes(lifetimes) };

      // Preparing a call needs tensors with memory: until all calls are bound, other memory stands in for the caller's.
      for (const buffer of slots.keys()) costs.reserve(bytesOf(buffer), false);
      for (const buffer of slots.keys()) standIns.set(buffer, device.alloc(buffer.size, buffer.dtype));
      const tensorOf = (ref: Ref): Tensor => {
        const { buffer, shape } = ref;
        const memory = memories.get(buffer) ?? standIns.get(buffer) ?? buffer.constant ?? UNBOUND;
        const tensor: Slot = { shape, dtype: buffer.dtype, memory };
        slots.get(buffer)?.push(tensor);
        return tensor;
      };
      for (const { constant } of [...graph.nodes.flatMap(constantsOf), ...constantsIn(graph.outputs)]) {
        if (constant) this.#read.set(constant, (this.#read.get(constant) ?? 0) + 1);
      }
      // From the last to the first: the deepest weights of a network are the largest, and their freed memory holds the next.
      for (const node of graph.nodes.toReversed()) {
        const call = bindCall(node, device, tensorOf, { format: weights, streams: this.#streams });
        calls.push(call);
        for (const { constant } of call.unread) if (constant) this.#forget(constant, onUnread);
      }
      this.calls = calls.reverse();
      graph.outputs.forEach((ref, output) => {
        if (!this.#outputs[output].length) this.#copied.push({ output, from: tensorOf(ref) });
      });
    } catch (error) {
      this.calls = calls;
      this.free();
      throw error;
    } finally {
      for (const list of slots.values()) for (const slot of list) slot.memory = UNBOUND;
      for (const memory of standIns.values()) device.free(memory);
    }
  }

  /** Whether a run reads this constant. */
  reads(memory: Memory): boolean {
    return this.#read.has(memory);
  }

  /** Takes memory over, and frees it with the executor. */
  own(memory: Memory): void {
    this.#owned.add(memory);
  }

  /** Runs the graph on inputs of the recorded shapes, and fills the outputs. Outputs share no memory with inputs. */
  run(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    this.bind(inputs, outputs);
    for (const call of this.calls) call.run();
    this.finish(outputs);
  }

  /** Gives the calls the memory of inputs and outputs, and the next random streams. @throws GraphError during a recording. */
  bind(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    const { draws } = this.graph;
    refuseRecording();
    if (draws > 0) Object.assign(this.#streams, takeStreams(draws));
    for (let i = 0; i < inputs.length; i++) for (const slot of this.#inputs[i]) slot.memory = inputs[i].memory;
    for (let i = 0; i < outputs.length; i++) for (const slot of this.#outputs[i]) slot.memory = outputs[i].memory;
  }

  /** Copies the outputs that no call writes directly. Follows the last call of a run. */
  finish(outputs: readonly Tensor[]): void {
    for (const { output, from } of this.#copied) this.device.cast(from, outputs[output]);
  }

  /** Bytes of the constants that calls read, packed or not. */
  get weightBytes(): number {
    let bytes = this.calls.reduce((sum, { prepared }) => sum + (prepared?.bytes ?? 0), 0);
    for (const memory of this.#read.keys()) bytes += bytesOf(memory);
    return bytes;
  }

  /** Frees the memory and the prepared calls. */
  free(): void {
    for (const { prepared } of this.calls) prepared?.free();
    for (const memory of this.#owned) this.device.free(memory);
    this.#owned.clear();
  }

  /** Counts one reader of a constant less. After the last, frees the constant or tells its owner. */
  #forget(memory: Memory, onUnread: ExecutorOptions['onUnread']): void {
    const readers = (this.#read.get(memory) ?? 0) - 1;
    if (readers > 0) {
      this.#read.set(memory, readers);
      return;
    }
    this.#read.delete(memory);
    if (this.#owned.delete(memory)) this.device.free(memory);
    else onUnread?.(memory);
  }
}
