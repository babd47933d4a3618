/** Where the time of a compiled graph goes, layer by layer. */
import type { Tensor } from '../backends/primitives.js';
import { formatShape } from '../ndarray/shape.js';
import { INSPECT } from '../printing.js';
import { type Column, formatTable } from '../text-table.js';
import type { Executor } from './executor.js';
import { type GraphLayer, layersOf } from './layers.js';

/** A layer with the time that it takes. */
export interface LayerTime extends GraphLayer {
  readonly milliseconds: number;
  /** Its part of the whole. */
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

/** The times of all layers, in the order they run; printing it gives a table. */
export class GraphProfile {
  readonly layers: readonly LayerTime[];
  readonly milliseconds: number;

  constructor(layers: readonly LayerTime[]) {
    this.layers = layers;
    this.milliseconds = layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
  }

  /** The same with the slowest layer first. */
  sorted(): GraphProfile {
    return new GraphProfile(this.layers.toSorted((a, b) => b.milliseconds - a.milliseconds));
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }

  /** The table, and below it the sum. */
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
 * Measures each call of a graph: the shortest of `runs` times, after one run that warms up. `finish` waits until the device is
 * done with what was asked of it.
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
