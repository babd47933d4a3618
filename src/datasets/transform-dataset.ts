import { Described, made } from '../printing.js';
import { asDataset, type Dataset } from './dataset.js';
import type { RunTask } from './tasks.js';

/**
 * Applies a function to each example of a dataset when it is read: augmentation, normalisation. Follows
 * chainer.datasets.TransformDataset.
 */
export class TransformDataset<S, T> extends Described implements Dataset<T> {
  readonly #dataset: Dataset<S>;
  readonly #transform: (example: S) => T;
  /** Exists if the dataset has it. */
  readonly load?: (indices: Int32Array, run?: RunTask) => Promise<Dataset<T>>;

  constructor(dataset: Dataset<S> | readonly S[], transform: (example: S) => T) {
    super();
    const base = asDataset<Dataset<S> | readonly S[]>(dataset);
    this.#dataset = base;
    this.#transform = transform;
    const { load } = base;
    if (load) this.load = async (indices, run) => new TransformDataset(await load.call(base, indices, run), transform);
  }

  get length(): number {
    return this.#dataset.length;
  }

  get(i: number): T {
    return this.#transform(this.#dataset.get(i));
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, dataset: this.#dataset, transform: this.#transform };
  }
}
