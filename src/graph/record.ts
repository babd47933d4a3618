/**
 * Recording: runs a computation once on its real device and writes down every primitive it calls. Running for real means
 * that all it does beside is right too: shapes, labels looked at, constants made on the way.
 */

import type { Backend } from '../backends/backend.js';
import type { Memory } from '../backends/primitives.js';
import { GraphError } from '../errors.js';
import { withoutTakingStreams } from '../ndarray/kernel-streams.js';
import { scope } from '../ndarray/lifetime.js';
import { allocate, type NDArray } from '../ndarray/ndarray.js';
import { whileRecording } from '../ndarray/recording.js';
import { type Costs, FREE } from './costs.js';
import type { Graph, Ref } from './graph.js';
import { type LayerTracker, Recorder } from './recorder.js';

/** How a computation is recorded. */
export interface RecordOptions {
  /** Asked at each call which layer makes it. */
  readonly layers?: LayerTracker;
}

/** How a computation is recorded without being made. */
export interface DryOptions extends RecordOptions {
  /** Told what the constants take. */
  readonly costs?: Costs;
}

/** A graph, and what must be freed once it is no longer needed. */
export interface RecordedGraph {
  graph: Graph;
  /** Memory that the computation allocated and gave up. */
  abandoned: readonly Memory[];
}

/** What was recorded. */
export interface Recording<T> extends RecordedGraph {
  /** What the computation gave. */
  result: T;
}

/** Runs `fn` while the device's methods are shadowed. */
function shadowed<T>(recorder: Recorder, device: Backend, fn: () => T): T {
  const shadows = recorder.shadows(device);
  const before = new Map([...shadows.keys()].map((name) => [name, Object.getOwnPropertyDescriptor(device, name)]));
  for (const [name, value] of shadows)
    Object.defineProperty(device, name, { value, configurable: true, writable: true });
  let failed = true;
  try {
    const result = withoutTakingStreams(() => whileRecording(fn));
    failed = false;
    return result;
  } finally {
    for (const [name, own] of before) {
      if (own) Object.defineProperty(device, name, own);
      else Reflect.deleteProperty(device, name);
    }
    recorder.abandonAll();
    // Nobody gets the memory that a computation gave up before it failed.
    if (failed) for (const memory of recorder.abandoned) device.free(memory);
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
 * Runs `fn` on the arrays and records it; what it gives names the arrays that are results. All arrays live on one device.
 *
 * @throws GraphError if `fn` looks at values that depend on the inputs, or gives back an array of another device.
 */
export function record<T extends { readonly arrays: readonly NDArray[] }>(
  inputs: readonly NDArray[],
  device: Backend,
  fn: () => T,
  { layers = NO_LAYER }: RecordOptions = {},
): Recording<T> {
  const recorder = new Recorder(layers, null);
  const inputRefs = inputs.map((x) => recorder.inputRef(x));
  const result = shadowed(recorder, device, fn);
  checkDevice(result.arrays, device);
  const outputs = result.arrays.map((y) => recorder.refOf(y));
  const graph = { inputs: inputRefs, outputs, nodes: recorder.nodes, draws: recorder.draws };
  return { graph, result, abandoned: recorder.abandoned };
}

/**
 * Records what `fn` does with arrays of given shapes, and computes only what does not depend on them: no memory is taken for the
 * rest. The results of `fn` belong to the recording.
 *
 * @throws GraphError as {@link record}, and what `costs` refuses by.
 */
export function recordDry(
  inputs: readonly Pick<NDArray, 'shape' | 'dtype'>[],
  device: NDArray['device'],
  fn: (inputs: readonly NDArray[]) => readonly NDArray[],
  { layers = NO_LAYER, costs = FREE }: DryOptions = {},
): RecordedGraph {
  const recorder = new Recorder(layers, costs);
  const graph = shadowed(recorder, device, () => {
    let inputRefs: Ref[] = [];
    let outputs: Ref[] = [];
    // Lazy memory is known to the shadows alone, so all arrays end here.
    scope(null, () => {
      const arrays = inputs.map(({ shape, dtype }) => allocate(shape, dtype, device));
      inputRefs = arrays.map((x) => recorder.inputRef(x));
      const results = fn(arrays);
      checkDevice(results, device);
      outputs = results.map((y) => recorder.refOf(y));
    });
    recorder.settle(outputs);
    return { inputs: inputRefs, outputs, nodes: recorder.nodes, draws: recorder.draws };
  });
  return { graph, abandoned: recorder.abandoned };
}
