import { ShapeError, ValueError } from '../errors.js';
import { Described, made } from '../printing.js';
import { Batch } from './batch.js';
import { concatExamples } from './concat-examples.js';
import { asDataset, type Concatenated, type Dataset, type DatasetLike, type ExampleOf, placeOf } from './dataset.js';
import { fetchExamples } from './selection.js';
import type { RunTask } from './tasks.js';

/** The examples of several datasets by name. */
export type RecordOf<S extends Readonly<Record<string, DatasetLike>>> = { [K in keyof S]: ExampleOf<S[K]> };

/**
 * Datasets of one length as one dataset of records: `new DictDataset({ x: images, t: labels })` has examples { x, t }. Follows
 * chainer.datasets.DictDataset.
 */
export class DictDataset<S extends Readonly<Record<string, DatasetLike>>>
  extends Described
  implements Dataset<RecordOf<S>>
{
  readonly #columns: readonly (readonly [name: string, column: Dataset<unknown>])[];
  readonly length: number;
  /** Exists if one of the datasets has it. */
  readonly load?: (indices: Int32Array, run?: RunTask) => Promise<Dataset<RecordOf<S>>>;

  /** @throws ShapeError if lengths differ, ValueError if there are no datasets. */
  constructor(columns: S) {
    super();
    this.#columns = Object.entries(columns).map(([name, column]) => [name, asDataset(column)] as const);
    if (this.#columns.length === 0) throw new ValueError('DictDataset: no datasets');
    const [[, first]] = this.#columns;
    this.length = first.length;
    for (const [name, column] of this.#columns) {
      if (column.length !== this.length) {
        throw new ShapeError(`DictDataset: '${name}' has ${column.length} examples, the first one ${this.length}`);
      }
    }
    if (this.#columns.some(([, column]) => column.load)) this.load = (indices, run) => this.#fetch(indices, run);
  }

  get(i: number): RecordOf<S> {
    const place = placeOf('get', i, this.length);
    return this.#map((column) => column.get(place)) as RecordOf<S>;
  }

  getBatch(indices: Int32Array): Concatenated<RecordOf<S>> {
    return this.#map((column) => concatExamples(new Batch(column, indices))) as Concatenated<RecordOf<S>>;
  }

  async #fetch(indices: Int32Array, run?: RunTask): Promise<Dataset<RecordOf<S>>> {
    const columns = this.#columns.map(
      async ([name, column]) => [name, await fetchExamples(column, indices, run)] as const,
    );
    return new DictDataset(Object.fromEntries(await Promise.all(columns)) as S);
  }

  #map(fn: (column: Dataset<unknown>) => unknown): unknown {
    return Object.fromEntries(this.#columns.map(([name, column]) => [name, fn(column)]));
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, ...Object.fromEntries(this.#columns) };
  }
}
