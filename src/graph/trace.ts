/**
 * Recordings: one run of a computation on its real device, during which each primitive is noted. The run makes its calls, so all
 * else that the computation does is right too: shapes, checks of labels, constants made on the way.
 */
import type { Backend } from '../backends/backend.js';
import type { Memory } from '../backends/primitives.js';
import { replaceEntries } from '../backends/wrapped.js';
import { GraphError } from '../errors.js';
import { withoutTakingStreams } from '../ndarray/kernel-streams.js';
import { scope } from '../ndarray/lifetime.js';
import { allocate, type NDArray } from '../ndarray/ndarray.js';
import { whileRecording } from '../ndarray/recording.js';
import { type Costs, FREE } from './costs.js';
import { DryTracer } from './dry-tracer.js';
import type { Graph, Ref } from './graph.js';
import { type LayerTracker, Tape } from './tape.js';
import { Tracer } from './tracer.js';

/** Options of {@link trace}. */
export interface TraceOptions {
  /** Asked at each call for the layer that makes it. */
  readonly layers?: LayerTracker;
}

/** Options of {@link traceDry}. */
export interface DryTraceOptions extends TraceOptions {
  /** Told of each array, and of the memory and the work of constants. */
  readonly costs?: Costs;
}

/** The graph of a recording. */
export interface TracedGraph {
  graph: Graph;
  /** Memory that the computation allocated and gave up. It may hold constants of the graph; the caller frees it. */
  abandoned: readonly Memory[];
}

/** A recording: its graph, and the result of the run. */
export interface Recording<T> extends TracedGraph {
  result: T;
}

/** Runs `fn` under a tracer's entries. If `fn` fails, abandoned memory is freed. */
function traced<T>(tracer: Tracer, device: Backend, fn: () => T): T {
  const restore = replaceEntries(device, tracer.entries);
  let failed = true;
  try {
    const result = withoutTakingStreams(() => whileRecording(fn));
    failed = false;
    return result;
  } finally {
    restore();
    tracer.finish();
    if (failed) for (const memory of tracer.abandoned) device.free(memory);
  }
}

function checkDevice(outputs: readonly NDArray[], device: Backend): void {
  for (const y of outputs) {
    if (y.device !== device)
      throw new GraphError(`compile: an output is on '${y.device.name}', expected '${device.name}'`);
  }
}

const NO_LAYER: LayerTracker = { current: '' };

/**
 * Runs `fn` and records it. The arrays in its result are the graph's outputs. All arrays are on one device.
 *
 * @throws GraphError if `fn` reads values that depend on the inputs, or gives an array of another device.
 */
export function trace<T extends { readonly arrays: readonly NDArray[] }>(
  inputs: readonly NDArray[],
  device: Backend,
  fn: () => T,
  { layers = NO_LAYER }: TraceOptions = {},
): Recording<T> {
  const tape = new Tape(layers);
  const tracer = new Tracer(device, tape);
  const inputRefs = inputs.map((x) => tape.inputRef(x));
  const result = traced(tracer, device, fn);
  checkDevice(result.arrays, device);
  const outputs = result.arrays.map((y) => tape.refOf(y));
  return { graph: tape.graph(inputRefs, outputs), result, abandoned: tracer.abandoned };
}

/**
 * Records `fn` for inputs of given shapes, and computes only what does not depend on them. Nothing else takes memory. The results
 * of `fn` end with the recording.
 *
 * @throws GraphError as {@link trace}, and the errors by which `costs` refuses.
 */
export function traceDry(
  inputs: readonly Pick<NDArray, 'shape' | 'dtype'>[],
  device: Backend,
  fn: (inputs: readonly NDArray[]) => readonly NDArray[],
  { layers = NO_LAYER, costs = FREE }: DryTraceOptions = {},
): TracedGraph {
  const tape = new Tape(layers);
  const tracer = new DryTracer(device, tape, costs);
  const graph = traced(tracer, device, () => {
    let inputRefs: Ref[] = [];
    let outputs: Ref[] = [];
    // Only the tracer knows its lazy memory, so no array may outlive it.
    scope(null, () => {
      const arrays = inputs.map(({ shape, dtype }) => allocate(shape, dtype, device));
      inputRefs = arrays.map((x) => tape.inputRef(x));
      const results = fn(arrays);
      checkDevice(results, device);
      outputs = results.map((y) => tape.refOf(y));
    });
    tracer.settle(outputs);
    return tape.graph(inputRefs, outputs);
  });
  return { graph, abandoned: tracer.abandoned };
}
