/** What an iterator gives: some examples of a dataset, got when they are looked at. */
import type { Dataset } from './dataset.js';
import type { RunTask } from './tasks.js';

/** The examples of a dataset at some indices; each is got once, when the examples are first asked for. */
export class Batch<T> implements Iterable<T> {
  #examples: readonly T[] | null = null;

  constructor(
    /** Where the examples are. */
    readonly dataset: Dataset<T>,
    /** Which examples these are, by their places in the dataset. */
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

  /** The same batch with its examples fetched, where the dataset has to do that first. */
  async load(run?: RunTask): Promise<Batch<T>> {
    if (!this.dataset.load) return this;
    const fetched = await this.dataset.load(this.indices, run);
    return new Batch(
      fetched,
      this.indices.map((_, k) => k),
    );
  }

  /** Visits the examples, each made when it is reached. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.examples.values();
  }
}

/** Examples that have been put into a list, or that a dataset may put together in its own way. */
export type Examples<T> = Batch<T> | readonly T[];

/** Examples that are at hand: a batch whose dataset has to fetch them is fetched. */
export async function loadExamples<T>(examples: Examples<T>): Promise<Examples<T>> {
  return examples instanceof Batch ? examples.load() : examples;
}
