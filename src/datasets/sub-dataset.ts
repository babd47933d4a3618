/** Parts of a dataset, for validation, for several machines, for cross-validation. No function here copies examples. */
import { ShapeError, ValueError } from '../errors.js';
import { RandomState } from '../ndarray/random.js';
import { asDataset, type DatasetLike, type ExampleOf } from './dataset.js';
import { Selection } from './selection.js';

/** An order of all examples of a dataset, as their indices. null: ascending. */
export type Order = ArrayLike<number> | null;

/** The indices of the examples from `start` to `finish` of an order. */
function stretch(length: number, start: number, finish: number, order: Order): Int32Array {
  if (!Number.isInteger(start) || !Number.isInteger(finish) || start < 0 || finish < start || finish > length) {
    throw new ValueError(`SubDataset: ${start} to ${finish} is not a range of ${length} examples`);
  }
  if (order && order.length !== length) {
    throw new ShapeError(`SubDataset: an order of ${order.length} for ${length} examples`);
  }
  return Int32Array.from({ length: finish - start }, (_, i) => (order ? order[start + i] : start + i));
}

/**
 * The examples `start` ≤ i < `finish` of a dataset, or, with an order, those at `order[start]` … `order[finish − 1]`;
 * negative numbers of examples count from its end. Follows chainer.datasets.SubDataset.
 */
export class SubDataset<S extends DatasetLike> extends Selection<ExampleOf<S>> {
  /**
   * @throws ValueError if there is no such range, ShapeError if the order has another length than the dataset,
   *   IndexError if it has indices that are not in the dataset.
   */
  constructor(dataset: S, start: number, finish: number, order: Order = null) {
    const base = asDataset(dataset);
    super(base, stretch(base.length, start, finish, order));
  }
}

/** The source of a random order: a seed, null for another order each time, or a generator, which continues its stream. */
export type Randomness = number | RandomState | null;

function randomOrder(dataset: DatasetLike, seed: Randomness): Int32Array {
  const random = seed instanceof RandomState ? seed : new RandomState(seed);
  return random.permutation(asDataset(dataset).length);
}

/**
 * Two parts of a dataset: its first `splitAt` examples, in the given order, and the others. Follows
 * chainer.datasets.split_dataset.
 *
 * @throws as {@link SubDataset}
 */
export function splitDataset<S extends DatasetLike>(
  dataset: S,
  splitAt: number,
  order: Order = null,
): [first: SubDataset<S>, second: SubDataset<S>] {
  const { length } = asDataset(dataset);
  return [new SubDataset(dataset, 0, splitAt, order), new SubDataset(dataset, splitAt, length, order)];
}

/**
 * Two random parts of a dataset, the first of `firstSize` examples. Follows chainer.datasets.split_dataset_random.
 *
 * @param seed gives the parts that it gives in Chainer; or a generator. Default null: other ones each time.
 * @throws as {@link SubDataset}
 */
export function splitDatasetRandom<S extends DatasetLike>(
  dataset: S,
  firstSize: number,
  seed: Randomness = null,
): [first: SubDataset<S>, second: SubDataset<S>] {
  return splitDataset(dataset, firstSize, randomOrder(dataset, seed));
}

/**
 * `n` parts of equal size, ⌊length / n⌋; the remaining examples are in no part. Follows
 * chainer.datasets.split_dataset_n.
 *
 * @throws ValueError if n is not a positive integer; else as {@link SubDataset}
 */
export function splitDatasetN<S extends DatasetLike>(dataset: S, n: number, order: Order = null): SubDataset<S>[] {
  checkParts('splitDatasetN', n);
  const size = Math.floor(asDataset(dataset).length / n);
  return Array.from({ length: n }, (_, i) => new SubDataset(dataset, i * size, (i + 1) * size, order));
}

/**
 * `n` random parts of equal size. Follows chainer.datasets.split_dataset_n_random.
 *
 * @param seed gives the parts that it gives in Chainer; or a generator. Default null: other ones each time.
 * @throws as {@link splitDatasetN}
 */
export function splitDatasetNRandom<S extends DatasetLike>(
  dataset: S,
  n: number,
  seed: Randomness = null,
): SubDataset<S>[] {
  return splitDatasetN(dataset, n, randomOrder(dataset, seed));
}

/**
 * Pairs [train, test] for cross-validation: the order has `nFolds` ranges; each, the last one first, is the test set once, and the
 * others are the training set. Sizes differ by one at most. Follows chainer.datasets.get_cross_validation_datasets.
 *
 * @throws ValueError if nFolds is not a positive integer; else as {@link SubDataset}
 */
export function getCrossValidationDatasets<S extends DatasetLike>(
  dataset: S,
  nFolds: number,
  order: Order = null,
): [train: SubDataset<S>, test: SubDataset<S>][] {
  checkParts('getCrossValidationDatasets', nFolds);
  const { length } = asDataset(dataset);
  const places = stretch(length, 0, length, order);
  const border = (fold: number) => Math.floor((length * fold) / nFolds);
  return Array.from({ length: nFolds }, (_, i) => {
    const fold = nFolds - i;
    // The test sets of earlier folds come first.
    const rotated = places.map((_, k) => places[(k + border(fold)) % length]);
    return splitDataset(dataset, length - (border(fold) - border(fold - 1)), rotated);
  });
}

/**
 * {@link getCrossValidationDatasets} of a random order. Follows chainer.datasets.get_cross_validation_datasets_random.
 *
 * @param seed gives the parts that it gives in Chainer; or a generator. Default null: other ones each time.
 */
export function getCrossValidationDatasetsRandom<S extends DatasetLike>(
  dataset: S,
  nFolds: number,
  seed: Randomness = null,
): [train: SubDataset<S>, test: SubDataset<S>][] {
  return getCrossValidationDatasets(dataset, nFolds, randomOrder(dataset, seed));
}

function checkParts(op: string, n: number): void {
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`${op}: the number of parts is ${n}, expected a positive integer`);
}
