/** The time of a compiled graph, layer by layer. */
import type { Tensor } from '../backends/primitives.js';
import { formatShape } from '../ndarray/shape.js';
import { INSPECT } from '../printing.js';
import { type Column, formatTable } from '../text-table.js';
import type { Executor } from './executor.js';
import { type GraphLayer, layersOf } from './layers.js';

/** A layer with the time that it takes. */
export interface LayerTime extends GraphLayer {
  readonly milliseconds: number;
  /** The fraction of the whole time, from 0 to 1. */
  readonly share: number;
}

const COLUMNS: readonly Column[] = [
  ['layer', 'left'],
  ['operation', 'left'],
  ['output', 'left'],
  ['algorithm', 'left'],
  ['ms', 'right'],
  ['%', 'right'],
  ['GFLOP/s', 'right'],
];

/** The times of all layers, in the order in which they run. Printing a profile gives a table. */
export class GraphProfile {
  readonly layers: readonly LayerTime[];
  readonly milliseconds: number;

  constructor(layers: readonly LayerTime[]) {
    this.layers = layers;
    this.milliseconds = layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
  }

  /** The same profile with the slowest layer first. */
  sorted(): GraphProfile {
    return new GraphProfile(this.layers.toSorted((a, b) => b.milliseconds - a.milliseconds));
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }

  /** The table, with the sum below. */
  toString(): string {
    const rows = this.layers.map(({ layer, op, shape, algorithm, milliseconds, share, macs }) => [
      layer,
      op,
      formatShape(shape),
      algorithm,
      milliseconds.toFixed(3),
      (share * 100).toFixed(1),
      macs ? ((macs * 2e-6) / milliseconds).toFixed(1) : '',
    ]);
    return `${formatTable(COLUMNS, rows)}\n\n${this.milliseconds.toFixed(3)} ms`;
  }
}

/**
 * Measures each call of a graph: the shortest of `runs` times, after one run to warm up. `finish` waits until the device has
 * finished all earlier calls.
 */
export function profileOf(
  executor: Executor,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  finish: () => void,
  runs = 5,
): GraphProfile {
  executor.run(inputs, outputs);
  finish();
  const times = new Array<number>(executor.calls.length).fill(Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run++) {
    for (const [i, call] of executor.calls.entries()) {
      const start = performance.now();
      call.run();
      finish();
      times[i] = Math.min(times[i], performance.now() - start);
    }
  }
  const whole = times.reduce((sum, time) => sum + time, 0);
  return new GraphProfile(
    layersOf(executor.calls).map((layer) => {
      const milliseconds = times.slice(layer.from, layer.to).reduce((sum, time) => sum + time, 0);
      return { ...layer, milliseconds, share: milliseconds / whole };
    }),
  );
}
