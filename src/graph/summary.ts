/** The layers of a compiled graph as a table. */
import { formatShape } from '../ndarray/shape.js';
import { INSPECT } from '../printing.js';
import { type Column, formatBytes, formatCount, formatTable } from '../text-table.js';
import type { ArenaUse, Executor } from './executor.js';
import { constantsOf } from './graph.js';
import { type GraphLayer, layersOf } from './layers.js';

const COLUMNS: readonly Column[] = [
  ['layer', 'left'],
  ['operation', 'left'],
  ['output', 'left'],
  ['parameters', 'right'],
  ['MACs', 'right'],
  ['algorithm', 'left'],
  ['weights', 'right'],
];

/** The layers of a compiled graph and their sums. Printing a summary gives a table. */
export class GraphSummary {
  readonly layers: readonly GraphLayer[];
  readonly parameters: number;
  readonly macs: number;
  /** Bytes of all weights, packed or not. */
  readonly weightBytes: number;
  /** The memory of intermediate results. */
  readonly arena: ArenaUse;

  constructor(executor: Executor) {
    this.layers = layersOf(executor.calls);
    // Layers may share weights.
    const constants = new Set(executor.graph.nodes.flatMap(constantsOf));
    this.parameters = [...constants].reduce((sum, { size }) => sum + size, 0);
    this.macs = this.layers.reduce((sum, { macs }) => sum + macs, 0);
    this.weightBytes = executor.weightBytes;
    this.arena = executor.arena;
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }

  /** The table, with the sums below. */
  toString(): string {
    const rows = this.layers.map(({ layer, op, shape, parameters, macs, algorithm, bytes }) => [
      layer,
      op,
      formatShape(shape),
      parameters ? formatCount(parameters) : '',
      macs ? formatCount(macs) : '',
      algorithm,
      bytes ? formatBytes(bytes) : '',
    ]);
    const { peak, naive, bound } = this.arena;
    return [
      formatTable(COLUMNS, rows),
      '',
      `${formatCount(this.parameters)} parameters in ${formatBytes(this.weightBytes)}, ${formatCount(this.macs)} MACs`,
      `activations ${formatBytes(peak)}; ${formatBytes(naive)} unshared, at least ${formatBytes(bound)}`,
    ].join('\n');
  }
}
