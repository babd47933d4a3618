/** Selections of a dataset's examples. */
import { IndexError } from '../errors.js';
import { Described, made } from '../printing.js';
import { Batch } from './batch.js';
import { concatExamples } from './concat-examples.js';
import { type Concatenated, type Dataset, placeOf } from './dataset.js';
import type { RunTask } from './tasks.js';

/** The examples of a dataset at some indices, as a dataset. */
export class Selection<T> extends Described implements Dataset<T> {
  readonly #dataset: Dataset<T>;
  readonly #indices: Int32Array;
  /** Exists if the dataset has it. */
  readonly load?: (indices: Int32Array, run?: RunTask) => Promise<Dataset<T>>;

  /** @throws IndexError if there is no such example. */
  constructor(dataset: Dataset<T>, indices: Int32Array) {
    super();
    const wrong = indices.find((i) => i < 0 || i >= dataset.length);
    if (wrong !== undefined) throw new IndexError(`dataset: there is no example ${wrong} among ${dataset.length}`);
    this.#dataset = dataset;
    this.#indices = indices;
    const { load } = dataset;
    if (load) this.load = (places, run) => load.call(dataset, this.#map(places), run);
  }

  get length(): number {
    return this.#indices.length;
  }

  get(i: number): T {
    return this.#dataset.get(this.#indices[placeOf('get', i, this.length)]);
  }

  getBatch(indices: Int32Array): Concatenated<T> {
    return concatExamples(new Batch(this.#dataset, this.#map(indices)));
  }

  #map(places: Int32Array): Int32Array {
    return places.map((i) => this.#indices[i]);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, dataset: this.#dataset };
  }
}

/** Fetches the examples at some indices: example `k` of the result is the one at `indices[k]`. */
export async function fetchExamples<T>(dataset: Dataset<T>, indices: Int32Array, run?: RunTask): Promise<Dataset<T>> {
  return dataset.load ? dataset.load(indices, run) : new Selection(dataset, indices);
}
