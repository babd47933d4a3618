/** The summary of a link: its layers, found by running it once. */

import { scope } from '../ndarray/lifetime.js';
import type { NDArray } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { Described, shapeText } from '../printing.js';
import { formatCount, formatTable } from '../text-table.js';
import { noBackpropMode, usingConfig } from './config.js';
import { type FunctionHook, usingHook } from './function-hook.js';
import { LayerNames } from './layer-names.js';
import type { Link } from './link.js';
import { usingLinkHook } from './link-hook.js';
import type { Parameter } from './parameter.js';
import type { GraphFunction } from './variable.js';

/** Consecutive functions of one layer. A function outside of any layer is a layer by itself. */
export interface LayerSummary {
  /** The path of the link that called the functions, such as `res2/a/conv1`; else the name of the function. */
  readonly layer: string;
  /** The names of the functions. */
  readonly functions: readonly string[];
  /** The shape of the last result. */
  readonly shape: Shape;
  /** The number of elements of the parameters of the layer, without those that an earlier row counts. */
  readonly parameters: number;
  /** The number of multiply-add pairs of convolutions and products. Other functions count 0. */
  readonly macs: number;
}

const COLUMNS = [
  ['layer', 'left'],
  ['operation', 'left'],
  ['output', 'left'],
  ['parameters', 'right'],
  ['MACs', 'right'],
] as const;

/** The layers of a link and their totals. It prints as a table. */
export class LinkSummary extends Described {
  constructor(
    /** The layers, in the order they ran. */
    readonly layers: readonly LayerSummary[],
    /** The number of elements of all parameters of the link, used or not. */
    readonly parameters: number,
  ) {
    super();
  }

  /** The number of multiply-add pairs of all layers. */
  get macs(): number {
    return this.layers.reduce((sum, { macs }) => sum + macs, 0);
  }

  /** The table, and the totals below it. */
  override toString(): string {
    const rows = this.layers.map(({ layer, functions, shape, parameters, macs }) => [
      layer,
      [...new Set(functions)].join(', '),
      shapeText(shape),
      parameters ? formatCount(parameters) : '',
      macs ? formatCount(macs) : '',
    ]);
    const sums = `${formatCount(this.parameters)} parameters, ${formatCount(this.macs)} MACs`;
    return [formatTable(COLUMNS, rows), '', sums].join('\n');
  }
}

/** A hook that notes each function and its layer. */
class Tracer implements FunctionHook {
  readonly name = 'LinkSummary';
  readonly rows: { -readonly [K in keyof LayerSummary]: LayerSummary[K] }[] = [];
  readonly #layers: LayerNames;
  readonly #counted = new Set<Parameter>();
  #last = '';

  constructor(layers: LayerNames) {
    this.#layers = layers;
  }

  forwardPostprocess(fn: GraphFunction, inputs: readonly NDArray[], [y]: readonly NDArray[]): void {
    const { current, link } = this.#layers;
    const macs = fn.macs(inputs, y);
    const before = current && current === this.#last ? this.rows.at(-1) : undefined;
    this.#last = current;
    if (before) {
      before.functions = [...before.functions, fn.label];
      before.shape = y.shape;
      before.macs += macs;
    } else
      this.rows.push({
        layer: current || fn.label,
        functions: [fn.label],
        shape: y.shape,
        parameters: this.#own(link),
        macs,
      });
  }

  /** The number of elements of the own parameters of a link that have not been counted yet. */
  #own(link: Link | undefined): number {
    if (!link) return 0;
    const below = new Set([...link.children()].flatMap((child) => [...child.params()]));
    let count = 0;
    for (const param of link.params(false)) {
      if (below.has(param) || this.#counted.has(param)) continue;
      this.#counted.add(param);
      count += param.size;
    }
    return count;
  }
}

/** Runs a link once, in test mode and without a graph, and returns the summary. */
export function summarize(link: Link, run: () => unknown): LinkSummary {
  const layers = new LayerNames(link);
  const tracer = new Tracer(layers);
  scope(layers.roots, () => {
    usingConfig('train', false, () => noBackpropMode(() => usingLinkHook(layers, () => usingHook(tracer, run))));
  });
  return new LinkSummary(tracer.rows, link.countParams());
}
