/** Shares of a batch, one for each thread: how a batch is divided, and how the reports of its shares become one. */
import { currentReporter, putInto } from '../../core/reporter.js';
import { Batch, type Examples } from '../../datasets/batch.js';
import { isFloating } from '../../ndarray/dtype.js';
import { numbersOf } from './replica.js';

/** A replica's share of a batch. */
export interface Share<T> {
  readonly examples: Examples<T>;
  /** The share's number of examples divided by the batch's. */
  readonly weight: number;
  /** The seed of the random numbers that the model draws for the share. */
  readonly seed: number;
}

/** The values that a model reported for a share, by name. */
export interface ShareReport {
  readonly weight: number;
  readonly values: ReadonlyMap<string, number>;
}

/** Divides a batch among `count` threads. Sizes differ by one at most; the first is the smallest, for the thread that has more to do. */
export function divideBatch<T>(batch: Examples<T>, count: number): Examples<T>[] {
  const begin = (k: number) => Math.floor((k * batch.length) / count);
  return Array.from({ length: count }, (_, k) =>
    batch instanceof Batch
      ? new Batch(batch.dataset, batch.indices.subarray(begin(k), begin(k + 1)))
      : batch.slice(begin(k), begin(k + 1)),
  );
}

/** The seed of one step of one replica. It follows from the iteration, so snapshots need not hold it. */
export function seedOf(seed: number, iteration: number, replica: number): number {
  return (
    (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(iteration + 1, 0x85ebca6b) ^ Math.imul(replica + 1, 0xc2b2ae35)) >>> 0
  );
}

/** Replaces the values that this thread reported for its share, of this weight, by the means over all shares. */
export function reportMeans(weight: number, reports: readonly ShareReport[]): void {
  const observation = currentReporter()?.observation;
  if (!observation) return;
  const all = [{ weight, values: numbersOf(observation) }, ...reports];
  for (const name of new Set(reports.flatMap(({ values }) => [...values.keys()]))) {
    let [sum, total] = [0, 0];
    for (const { weight: w, values } of all) {
      const value = values.get(name);
      if (value === undefined) continue;
      sum += w * value;
      total += w;
    }
    const reported = Object.hasOwn(observation, name) ? observation[name] : undefined;
    // Written in place: a field of the model may hold the same array.
    if (typeof reported === 'object' && isFloating(reported.dtype)) reported.set([sum / total]);
    else putInto(observation, name, sum / total);
  }
}
