/**
 * The interface of datasets: examples by number. Also makes datasets of lists, typed arrays and NDArrays. See `iterators/` for the order
 * in which examples are visited.
 */

import { IndexError } from '../errors.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { asarray, NDArray, type TypedArray, take } from '../ndarray/np.js';
import { inWords } from '../options.js';
import { Described, made } from '../printing.js';
import type { RunTask } from './tasks.js';

/**
 * The result of `concatExamples` for examples of a type: one array, or, for tuples and records, one array for each part.
 */
export type Concatenated<T> = T extends NDArray | TypedArray | number | boolean
  ? NDArray
  : T extends object
    ? { [K in keyof T]: NDArray }
    : NDArray;

/** Examples by number; follows Chainer's dataset protocol. */
export interface Dataset<T> {
  /** The number of examples. */
  readonly length: number;
  /** The example at `i`, 0 ≤ i < length. @throws IndexError if there is none. */
  get(i: number): T;
  /**
   * The examples at `indices`, concatenated as by `concatExamples`: a {@link Concatenated}. For datasets that have a faster way than one
   * example after another. Arrays that it makes belong to the caller's scope.
   */
  // With `Concatenated<T>`, a dataset of pairs would not be a `Dataset<unknown>`, and nobody could split or transform it.
  getBatch?(indices: Int32Array): unknown;
  /**
   * Fetches the examples at `indices`, for datasets in files or on servers. Returns a dataset whose example `k` is the one at
   * `indices[k]`, for `get` to return at once. A dataset with this method cannot `get` by itself. It can leave computations to `run`,
   * which does them in a worker.
   */
  load?(indices: Int32Array, run?: RunTask): Promise<Dataset<T>>;
}

/** A value that can be made into a dataset. Examples of an NDArray are its items along the first axis. */
export type DatasetLike<T = unknown> = Dataset<T> | readonly T[] | TypedArray | NDArray;

/** A source of examples of a type: a dataset or a list; for arrays also an NDArray, for numbers a typed array. */
export type ExamplesOf<T> =
  | Dataset<T>
  | readonly T[]
  | (NDArray extends T ? NDArray : never)
  | (number extends T ? TypedArray : never);

/** The type of a dataset's examples. */
export type ExampleOf<D> =
  D extends Dataset<infer T>
    ? T
    : D extends readonly (infer T)[]
      ? T
      : D extends TypedArray
        ? number
        : D extends NDArray
          ? NDArray
          : never;

/** The index of example `i`; negative numbers count from the end. @throws IndexError if there is no such example. */
export function placeOf(op: string, i: number, length: number): number {
  const place = i < 0 ? i + length : i;
  if (!Number.isInteger(i) || place < 0 || place >= length) {
    throw new IndexError(`${op}: there is no example ${i} among ${length}`);
  }
  return place;
}

/** The examples of a list. */
class ListDataset<T> extends Described implements Dataset<T> {
  readonly #list: readonly T[];

  constructor(list: readonly T[]) {
    super();
    this.#list = list;
  }

  get length(): number {
    return this.#list.length;
  }

  get(i: number): T {
    return this.#list[placeOf('get', i, this.length)];
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length };
  }
}

/** The numbers of a typed array, such as labels. Batches keep its dtype. */
class NumbersDataset extends Described implements Dataset<number> {
  readonly #data: TypedArray;

  constructor(data: TypedArray) {
    super();
    this.#data = data;
  }

  get length(): number {
    return this.#data.length;
  }

  get(i: number): number {
    return this.#data[placeOf('get', i, this.length)];
  }

  getBatch(indices: Int32Array): NDArray {
    const batch = this.#data.slice(0, indices.length);
    for (let k = 0; k < indices.length; k++) batch[k] = this.#data[indices[k]];
    return asarray(batch);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length };
  }
}

/** The rows of an array. Batches are gathered on the array's device. */
class RowsDataset extends Described implements Dataset<NDArray> {
  readonly #rows: NDArray;

  constructor(rows: NDArray) {
    super();
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.shape[0];
  }

  get(i: number): NDArray {
    return this.#rows.at(placeOf('get', i, this.length));
  }

  getBatch(indices: Int32Array): NDArray {
    return take(this.#rows, asarray(indices, { device: this.#rows.device.name }), 0);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length };
  }
}

/** Makes a dataset of a list or an array; returns a dataset as it is. */
export function asDataset<D extends DatasetLike>(source: D): Dataset<ExampleOf<D>>;
export function asDataset<T>(source: ExamplesOf<T>): Dataset<T>;
export function asDataset(source: DatasetLike): Dataset<unknown> {
  source = ofThisCopy('dataset', source);
  if (source instanceof NDArray) return new RowsDataset(source);
  if (
    typeof source !== 'object' ||
    source === null ||
    !('get' in source || Array.isArray(source) || ArrayBuffer.isView(source))
  )
    throw new TypeError(
      `dataset: it is ${inWords(source)}, expected a list, an array, or an object with get(i) and length`,
    );
  if (ArrayBuffer.isView(source)) return new NumbersDataset(source);
  return isDataset(source) ? source : new ListDataset(source);
}

function isDataset(source: Dataset<unknown> | readonly unknown[]): source is Dataset<unknown> {
  return 'get' in source;
}
