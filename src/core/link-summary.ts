/** What a link computes, layer by layer: found by running it once. It knows no layer in particular. */

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

/** Functions that follow one another in one layer; a function outside of any layer is one by itself. */
export interface LayerSummary {
  /** The path of the link that called them, such as `res2/a/conv1`; else the name of the function. */
  readonly layer: string;
  /** The functions that were called. */
  readonly functions: readonly string[];
  /** The shape of the last result. */
  readonly shape: Shape;
  /** Elements of the parameters of the layer that no row above has counted. */
  readonly parameters: number;
  /** Multiplications and additions of convolutions and products, in pairs; of other functions none are counted. */
  readonly macs: number;
}

const COLUMNS = [
  ['layer', 'left'],
  ['operation', 'left'],
  ['output', 'left'],
  ['parameters', 'right'],
  ['MACs', 'right'],
] as const;

/** The layers of a link and their sums; printing it gives a table. */
export class LinkSummary extends Described {
  constructor(
    /** The layers, in the order they ran. */
    readonly layers: readonly LayerSummary[],
    /** Elements of all parameters of the link, also of those that were not used. */
    readonly parameters: number,
  ) {
    super();
  }

  /** Multiplications and additions of all layers, in pairs. */
  get macs(): number {
    return this.layers.reduce((sum, { macs }) => sum + macs, 0);
  }

  /** The table, and below it the sums. */
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

/** Writes down the functions that are called, and by which layer. */
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

  /** How many elements the parameters of a link have, but for those of links below it and those counted before. */
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

/** Runs a link once, in test mode and without a graph, and says what it did. */
export function summarize(link: Link, run: () => unknown): LinkSummary {
  const layers = new LayerNames(link);
  const tracer = new Tracer(layers);
  scope(layers.roots, () => {
    usingConfig('train', false, () => noBackpropMode(() => usingLinkHook(layers, () => usingHook(tracer, run))));
  });
  return new LinkSummary(tracer.rows, link.countParams());
}
