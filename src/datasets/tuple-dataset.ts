import { ShapeError, ValueError } from '../errors.js';
import { Described, made } from '../printing.js';
import { Batch } from './batch.js';
import { concatExamples } from './concat-examples.js';
import { asDataset, type Concatenated, type Dataset, type DatasetLike, type ExampleOf, placeOf } from './dataset.js';
import { fetchExamples } from './selection.js';
import type { RunTask } from './tasks.js';

/** The examples of several datasets side by side. */
export type TupleOf<S extends readonly DatasetLike[]> = { [K in keyof S]: ExampleOf<S[K]> };

/**
 * Datasets of one length as one dataset of tuples: `new TupleDataset(images, labels)` has examples [image, label]. Follows
 * chainer.datasets.TupleDataset.
 */
export class TupleDataset<S extends readonly DatasetLike[]> extends Described implements Dataset<TupleOf<S>> {
  readonly #columns: readonly Dataset<unknown>[];
  readonly length: number;
  /** Exists if one of the datasets has it. */
  readonly load?: (indices: Int32Array, run?: RunTask) => Promise<Dataset<TupleOf<S>>>;

  /** @throws ShapeError if lengths differ. */
  constructor(...columns: S) {
    super();
    if (columns.length === 0) throw new ValueError('TupleDataset: no datasets');
    this.#columns = columns.map((column) => asDataset(column));
    this.length = this.#columns[0].length;
    if (this.#columns.some((column) => column.length !== this.length)) {
      throw new ShapeError(`TupleDataset: lengths ${this.#columns.map((c) => c.length).join(', ')} differ`);
    }
    if (this.#columns.some((column) => column.load)) this.load = (indices, run) => this.#fetch(indices, run);
  }

  async #fetch(indices: Int32Array, run?: RunTask): Promise<Dataset<TupleOf<S>>> {
    const columns: unknown = await Promise.all(this.#columns.map((column) => fetchExamples(column, indices, run)));
    return new TupleDataset(...(columns as S));
  }

  get(i: number): TupleOf<S> {
    const place = placeOf('get', i, this.length);
    return this.#columns.map((column) => column.get(place)) as TupleOf<S>;
  }

  getBatch(indices: Int32Array): Concatenated<TupleOf<S>> {
    const arrays: unknown = this.#columns.map((column) => concatExamples(new Batch(column, indices)));
    return arrays as Concatenated<TupleOf<S>>;
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, datasets: this.#columns };
  }
}
