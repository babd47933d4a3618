/** A dataset whose examples a module makes, in workers where there are any. */

import { ValueError } from '../errors.js';
import { asarray, type NDArray, type TypedArray } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { checkOptions } from '../options.js';
import { Described, made } from '../printing.js';
import { type Dataset, placeOf } from './dataset.js';
import { type RunTask, runHere } from './tasks.js';

/** An array as a module returns it; the dataset makes an NDArray of the data's dtype. */
export interface SentArray {
  /** The shape of the array; its product is the number of elements. */
  readonly shape: Shape;
  /** The elements in row-major order; the kind of typed array decides the dtype. */
  readonly data: TypedArray;
}

/** Options of {@link ModuleDataset}. */
export interface ModuleDatasetOptions {
  /** The function that the module exports: `(i, ...args) => example`, or a promise of it. Default `get`. */
  name?: string;
  /** The arguments of the function after the index, which structured cloning must be able to copy. Default: none. */
  args?: readonly unknown[];
}

/**
 * `length` examples that a function of a module makes. With `MultithreadIterator`'s `nThreads` the function runs in workers, otherwise
 * in the caller's thread. An example is a number, a `{ shape, data }`, which becomes an array, or a list or record of these.
 *
 *     // examples.js
 *     export async function get(i, directory) { … return [{ shape: [3, 32, 32], data: pixels }, label]; }
 *
 *     new ModuleDataset<[NDArray, number]>(new URL('./examples.js', import.meta.url), 50_000, { args: ['train'] })
 */
export class ModuleDataset<T> extends Described implements Dataset<T> {
  readonly length: number;
  readonly #url: string;
  readonly #name: string;
  readonly #args: readonly unknown[];

  /** @throws ValueError if the length is not a number of examples. */
  constructor(module: string | URL, length: number, options: ModuleDatasetOptions = {}) {
    super();
    checkOptions('ModuleDataset', options, { name: null, args: null });
    const { name = 'get', args = [] } = options;
    if (!Number.isInteger(length) || length < 0) {
      throw new ValueError(`ModuleDataset: ${length} is not a number of examples`);
    }
    this.#url = String(module);
    this.length = length;
    this.#name = name;
    this.#args = args;
  }

  /** @throws ValueError always: examples are made asynchronously. */
  get(i: number): T {
    throw new ValueError(`ModuleDataset: example ${i} is made by a module; use batches of an iterator`);
  }

  /** @throws ValueError if the module or its function fails. */
  async load(indices: Int32Array, run: RunTask = runHere): Promise<Dataset<T>> {
    const made = Array.from(indices, (i) =>
      run('callModule', this.#url, this.#name, [placeOf('load', i, this.length), ...this.#args]),
    );
    return new SentExamples<T>(await Promise.all(made));
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { module: this.#url, length: this.length, args: this.#args };
  }
}

/** Examples that a module has made. */
class SentExamples<T> implements Dataset<T> {
  readonly #examples: readonly unknown[];

  constructor(examples: readonly unknown[]) {
    this.#examples = examples;
  }

  get length(): number {
    return this.#examples.length;
  }

  get(i: number): T {
    // The module decides the type of its examples, and the dataset's type argument repeats it.
    return unpacked(this.#examples[placeOf('get', i, this.length)]) as T;
  }
}

function isSentArray(value: object): value is SentArray {
  return 'shape' in value && 'data' in value && ArrayBuffer.isView(value.data);
}

function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  if (isSentArray(value)) return arrayOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpacked(part)]));
}

function arrayOf({ shape, data }: SentArray): NDArray {
  return asarray(data).reshape(shape);
}
