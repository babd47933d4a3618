import { IndexError } from '../errors.js';
import { Described, made } from '../printing.js';
import { asDataset, type Dataset, type DatasetLike, type ExampleOf } from './dataset.js';
import { fetchExamples, Selection } from './selection.js';
import type { RunTask } from './tasks.js';

/** Several datasets, one after another, as one dataset. Follows chainer.datasets.ConcatenatedDataset. */
export class ConcatenatedDataset<S extends DatasetLike> extends Described implements Dataset<ExampleOf<S>> {
  readonly #parts: readonly Dataset<ExampleOf<S>>[];
  readonly length: number;
  /** Exists if one of the datasets has it. */
  readonly load?: (indices: Int32Array, run?: RunTask) => Promise<Dataset<ExampleOf<S>>>;

  constructor(...datasets: readonly S[]) {
    super();
    this.#parts = datasets.map((dataset) => asDataset(dataset));
    this.length = this.#parts.reduce((sum, { length }) => sum + length, 0);
    if (this.#parts.some((part) => part.load)) this.load = (indices, run) => this.#fetch(indices, run);
  }

  /** The example at `i`. Negative numbers do not count from the end, as in Chainer. @throws IndexError if there is none. */
  get(i: number): ExampleOf<S> {
    const [part, place] = this.#find(i);
    return this.#parts[part].get(place);
  }

  /** The dataset of an example, and the example's index in it. */
  #find(i: number): [part: number, place: number] {
    let place = Number.isInteger(i) && i >= 0 ? i : this.length;
    for (const [part, { length }] of this.#parts.entries()) {
      if (place < length) return [part, place];
      place -= length;
    }
    throw new IndexError(`get: there is no example ${i} among ${this.length}`);
  }

  /** Asks each dataset once for all of its examples among `indices`. */
  async #fetch(indices: Int32Array, run?: RunTask): Promise<Dataset<ExampleOf<S>>> {
    const asked = this.#parts.map((): number[] => []);
    const found = Array.from(indices, (i) => {
      const [part, place] = this.#find(i);
      return { part, rank: asked[part].push(place) - 1 };
    });
    const wanted = this.#parts.map((part, k) => fetchExamples(part, Int32Array.from(asked[k]), run));
    const fetched = new ConcatenatedDataset(...(await Promise.all(wanted)));
    const starts = asked.map((_, k) => asked.slice(0, k).reduce((sum, { length }) => sum + length, 0));
    return new Selection(
      fetched,
      Int32Array.from(found, ({ part, rank }) => starts[part] + rank),
    );
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, datasets: this.#parts };
  }
}
