/**
 * Running a graph without allocating: memory is planned once from the buffers' lifetimes, calls are bound to it once, and
 * a run is one call after another. Inputs and outputs are the caller's memory, named at each run.
 */

import type { Backend, WeightFormat } from '../backends/backend.js';
import type { Memory, Tensor } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import { GraphError } from '../errors.js';
import { takeStreams } from '../ndarray/kernel-streams.js';
import { isRecording } from '../ndarray/recording.js';
import { makeRoom } from './arena.js';
import { type BoundCall, bindCall, type RunStreams } from './calls.js';
import { type Costs, FREE } from './costs.js';
import { constantsIn, constantsOf, type Graph, type GraphBuffer, type Ref } from './graph.js';
import { leastBytes, lifetimesOf } from './lifetimes.js';

/** Memory of computed buffers, in bytes. */
export interface ArenaUse {
  /** What is allocated. */
  readonly peak: number;
  /** What it would be if every buffer had memory of its own. */
  readonly naive: number;
  /** What is alive at the worst node: no plan can do with less. */
  readonly bound: number;
}

/** How an {@link Executor} is made. */
export interface ExecutorOptions {
  /** What prepared weights are kept as. Default: 'float32'. */
  readonly weights?: WeightFormat;
  /** Told of each constant that is no longer read, as soon as its packed copy is made. */
  readonly onUnread?: (memory: Memory) => void;
  /** Told what the graph takes, before it takes it. */
  readonly costs?: Costs;
}

/** What stands in the place of an input's or output's memory until a run brings it. */
const UNBOUND: Memory = { dtype: 'float32', size: 0 };

/** A tensor whose memory is exchanged between runs. */
interface Slot {
  readonly shape: readonly number[];
  readonly dtype: Tensor['dtype'];
  memory: Memory;
}

/** @throws GraphError during a recording, which sees neither prepared calls nor calls bound before it. */
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
  /** The tensors of each input, and of each output that is computed in place. */
  readonly #inputs: Slot[][];
  readonly #outputs: Slot[][];
  /** Outputs that are inputs, constants, or the same buffer as another output: copied at the end. */
  readonly #copied: { output: number; from: Tensor }[] = [];
  /** The streams of random numbers of the run that is under way. */
  readonly #streams: RunStreams = { seed: 0, first: 0 };
  /** Constants that calls read. */
  readonly #read = new Map<Memory, number>();

  /** `constants` are freed with the executor, or as soon as they are no longer read. */
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
      const { memories, owned, bytes } = makeRoom(lifetimes, device, (bytes) => costs.reserve(bytes, false));
      for (const memory of owned) this.#owned.add(memory);
      const naive = lifetimes.reduce((sum, { buffer }) => sum + bytesOf(buffer), 0);
      this.arena = { peak: bytes, naive, bound: leastBytes(lifetimes) };

      // A device prepares a call for tensors as they will be: while calls are bound, memory stands in for the caller's.
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
      // From the last: the largest weights of a network are the deepest, and what they leave has room for the next.
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

  /** Whether a constant is still read when the graph runs. */
  reads(memory: Memory): boolean {
    return this.#read.has(memory);
  }

  /** Takes over memory, to be freed with the executor. */
  own(memory: Memory): void {
    this.#owned.add(memory);
  }

  /** Runs the graph on inputs of the recorded shapes and fills the outputs, which share no memory with inputs. */
  run(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    this.bind(inputs, outputs);
    for (const call of this.calls) call.run();
    this.finish(outputs);
  }

  /** Puts the caller's memory and the next random streams into the calls. */
  bind(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    const { draws } = this.graph;
    refuseRecording();
    if (draws > 0) Object.assign(this.#streams, takeStreams(draws));
    for (let i = 0; i < inputs.length; i++) for (const slot of this.#inputs[i]) slot.memory = inputs[i].memory;
    for (let i = 0; i < outputs.length; i++) for (const slot of this.#outputs[i]) slot.memory = outputs[i].memory;
  }

  /** What follows the last call: the outputs that no node computes in place. */
  finish(outputs: readonly Tensor[]): void {
    for (const { output, from } of this.#copied) this.device.cast(from, outputs[output]);
  }

  /** Bytes of the constants that calls read, packed ones and others. */
  get weightBytes(): number {
    let bytes = this.calls.reduce((sum, { prepared }) => sum + (prepared?.bytes ?? 0), 0);
    for (const memory of this.#read.keys()) bytes += bytesOf(memory);
    return bytes;
  }

  /** Gives the memory back. */
  free(): void {
    for (const { prepared } of this.calls) prepared?.free();
    for (const memory of this.#owned) this.device.free(memory);
    this.#owned.clear();
  }

  /** One reader fewer of a constant; the last gives it up. */
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
