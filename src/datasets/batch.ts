/** Batches: examples of a dataset, which a batch fetches when they are first read. */
import type { Dataset } from './dataset.js';
import type { RunTask } from './tasks.js';

/** The examples of a dataset at some indices. It gets each once, when the examples are first read. */
export class Batch<T> implements Iterable<T> {
  #examples: readonly T[] | null = null;

  constructor(
    /** The dataset of the examples. */
    readonly dataset: Dataset<T>,
    /** The indices of the examples in the dataset. */
    readonly indices: Int32Array,
  ) {}

  /** The number of examples. */
  get length(): number {
    return this.indices.length;
  }

  /** The examples, in order. */
  get examples(): readonly T[] {
    this.#examples ??= Array.from(this.indices, (i) => this.dataset.get(i));
    return this.#examples;
  }

  /** The same batch with its examples fetched, if the dataset has to fetch them. */
  async load(run?: RunTask): Promise<Batch<T>> {
    if (!this.dataset.load) return this;
    const fetched = await this.dataset.load(this.indices, run);
    return new Batch(
      fetched,
      this.indices.map((_, k) => k),
    );
  }

  /** Visits the examples, and makes each when it is reached. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.examples.values();
  }
}

/** Examples in a list, or a batch, whose dataset may concatenate them in its own way. */
export type Examples<T> = Batch<T> | readonly T[];

/** The examples, fetched if their dataset has to fetch them. */
export async function loadExamples<T>(examples: Examples<T>): Promise<Examples<T>> {
  return examples instanceof Batch ? examples.load() : examples;
}
