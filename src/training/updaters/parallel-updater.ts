/** Data-parallel training: a batch is divided among this thread and workers. parallel/replicas.ts starts the workers. */

import type { ThreadCount, ThreadUse } from '../../backends/backend.js';
import { currentReporter } from '../../core/reporter.js';
import type { Serializer } from '../../core/serializer.js';
import { Batch, type Examples } from '../../datasets/batch.js';
import { ValueError } from '../../errors.js';
import type { DatasetIterator } from '../../iterators/iterator.js';
import { isFloating } from '../../ndarray/dtype.js';
import { scope } from '../../ndarray/lifetime.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { checkOptions } from '../../options.js';
import { numbersOf } from '../parallel/replica.js';
import { type Done, Replicas, type Share } from '../parallel/replicas.js';
import { obstacle, type ReplicaSource } from '../parallel/worker.js';
import type { Observe } from '../updater.js';
import { StandardUpdater, type StandardUpdaterOptions } from './standard-updater.js';

/** Options of {@link ParallelUpdater}. */
export interface ParallelUpdaterOptions<T> extends Omit<StandardUpdaterOptions<T>, 'lossScale'> {
  /**
   * The module that makes replicas of the model, by {@link replica}. Bundlers want to see the worker instead:
   * `() => new Worker(new URL('./model.js', import.meta.url), { type: 'module' })`. In a page without a bundler, the module
   * imports Rensa by its URL: workers have no import maps.
   */
  model: ReplicaSource;
  /** How many threads compute, this one among them; `'auto'`: as many as there are cores. Default `'auto'`. */
  threads?: ThreadCount;
  /** Of the random numbers that replicas draw, in dropout for example. Default 0. */
  seed?: number;
}

/** The names of {@link ParallelUpdaterOptions}. */
const OPTIONS: Readonly<Record<keyof ParallelUpdaterOptions<unknown>, unknown>> = {
  model: null,
  threads: null,
  seed: null,
  converter: null,
  device: null,
  lossFunc: null,
  autoNewEpoch: null,
};

/** More than this share the memory's bandwidth, and gain little. */
const MOST = 16;

/**
 * Divides each batch among threads, each of which has a replica of the model, adds their gradients up, and lets the optimizer
 * update once; follows chainer.training.updaters.ParallelUpdater.
 *
 *     // model.js
 *     export default training.replica(() => new L.Classifier(new LeNet5()));
 *
 *     import makeModel from './model.js';
 *     const optimizer = new optimizers.SGD().setup(makeModel());
 *     using updater = new training.ParallelUpdater(iterator, optimizer, {
 *       model: new URL('./model.js', import.meta.url), threads: 2,
 *     });
 *
 * With n_k of n examples in replica k the gradient is Σ_k (n_k / n) · g_k, the one thread's up to the order of summation where
 * the loss is a mean over examples. What is reported is the mean by the same weights. The optimizer's target is replica 0
 * and computes in this thread. It alone keeps what forward changes, such as the running means of batch normalization, whose
 * batch statistics are those of a share. Each replica draws random numbers of its own, which depend on `seed`, the iteration
 * and the replica alone: runs that begin alike, or go on from a snapshot, end alike but for what this thread draws.
 *
 * Workers start at the first update that wants them; processes do not wait for them, and {@link finalize}, or `using`, ends
 * them. Updates by this thread alone: where a batch has fewer examples than there are threads, until all parameters have
 * their shapes, and where there are no threads, as {@link threads} tells with the reason.
 *
 * **When it gains.** Only where each thread has a core that is idle: the slowest replica ends a step. Beside what is divided, a
 * step costs two messages and two copies of all parameters, one millisecond or more, so that a batch has to take several.
 * Two threads can at best save what half a batch saves: LeNet5 takes half a batch of 32 in 1/1.8 of the time, and of 256 in
 * 1/1.9. On two cores that other programs kept busy two threads were slower than one in 9 of 12 runs (0.55 to 1.44 times as fast);
 * a gain on idle cores has not been measured. So measure yours against `threads: 1`, and leave `init({ threads })` at
 * one: replicas take the cores already.
 */
export class ParallelUpdater<T> extends StandardUpdater<T> {
  readonly #source: ReplicaSource;
  readonly #seed: number;
  #use: ThreadUse;
  #replicas: Replicas | null = null;

  /** @throws ValueError if `threads` is no positive integer, or the optimizer scales losses. */
  constructor(
    iterator: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
    optimizer: Optimizer | Readonly<Record<string, Optimizer>>,
    options: ParallelUpdaterOptions<T>,
  ) {
    checkOptions('ParallelUpdater', options, OPTIONS);
    const { model, threads = 'auto', seed = 0, ...rest } = options;
    super(iterator, optimizer, rest);
    if (this.getOptimizer('main').lossScale !== null) {
      throw new ValueError('ParallelUpdater: the optimizer scales losses, which replicas do not');
    }
    this.#source = model;
    this.#seed = seed;
    this.#use = possible(threads);
  }

  /** How many threads compute, this one among them; and why they are fewer than were asked for, or null. */
  get threads(): ThreadUse {
    if (!this.#replicas) return this.#use;
    const { size, lostBecause } = this.#replicas;
    return { count: 1 + size, reason: lostBecause ?? this.#use.reason };
  }

  /**
   * The update by one batch.
   *
   * @throws what a replica throws, by its class where that is one of the library's. DeviceError if a worker was lost: later
   *   updates do without it. Nothing is updated then.
   */
  protected override async updateBy(batch: Examples<T>, observe: Observe): Promise<void> {
    const replicas = await this.#replicasFor(batch.length);
    if (!replicas || batch.length <= replicas.size) return super.updateBy(batch, observe);
    const [own, ...others] = divide(batch, 1 + replicas.size);
    const { target } = this.getOptimizer('main');
    const weightOf = (share: Examples<T>) => share.length / batch.length;
    let shares: Share[] = [];
    try {
      observe(() =>
        scope(this, () => {
          shares = replicas.give(
            others.map((share, k) => ({
              inputs: this.convert(share),
              weight: weightOf(share),
              seed: seedOf(this.#seed, this.iteration, k),
            })),
          );
          const loss = this.computeLoss(own);
          target.cleargrads();
          loss.backward({ lossScale: weightOf(own) });
        }),
      );
    } finally {
      // Also when this thread failed: replicas have one step at a time.
      await Promise.allSettled(shares.map(({ done }) => done));
    }
    const done = await Promise.all(shares.map((share) => share.done));
    observe(() =>
      scope(this, () => {
        for (const [k, share] of shares.entries()) share.addGradients(done[k].without);
        this.getOptimizer('main').update();
        reportMeans(weightOf(own), shares, done);
      }),
    );
  }

  /** The replicas, started if they are not; null where this thread is to be alone. */
  async #replicasFor(examples: number): Promise<Replicas | null> {
    if (this.#replicas) return this.#replicas;
    const { target } = this.getOptimizer('main');
    if (this.#use.count === 1 || examples < this.#use.count) return null;
    for (const param of target.params()) {
      if (!param.isInitialized) return null;
      const { name } = param.array.device;
      if (name !== 'wasm') {
        this.#use = { count: 1, reason: `the model is on '${name}', where threads do not help` };
        return null;
      }
    }
    this.#replicas = await Replicas.start(target, this.#use.count - 1, this.#source, 'main');
    return this.#replicas;
  }

  #end(): void {
    this.#replicas?.end();
    this.#replicas = null;
  }

  /** Ends the workers, and the iterators' own. */
  override finalize(): void {
    this.#end();
    super.finalize();
  }

  /** The same as {@link finalize}. */
  dispose(): void {
    this.finalize();
  }

  /** Ends the workers at the end of a `using` block; see {@link finalize}. */
  [Symbol.dispose](): void {
    this.finalize();
  }

  /** Reads or writes what {@link StandardUpdater} does. After reading, replicas begin again, with what was read. */
  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    if (!serializer.writing) this.#end();
  }
}

/** Cores that this process may use. */
function cores(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

function possible(threads: ThreadCount): ThreadUse {
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads > 0)) {
    throw new ValueError(`ParallelUpdater: threads ${threads} is neither a positive integer nor 'auto'`);
  }
  const count = Math.min(threads === 'auto' ? cores() : threads, MOST);
  if (count === 1) return { count, reason: threads === 'auto' ? 'there is one core' : null };
  const reason = obstacle();
  return reason ? { count: 1, reason } : { count, reason: null };
}

/** A batch in parts whose sizes differ by one at most; the larger ones come last, as this thread has more to do. */
function divide<T>(batch: Examples<T>, parts: number): Examples<T>[] {
  const cut = (k: number) => Math.floor((k * batch.length) / parts);
  return Array.from({ length: parts }, (_, k) =>
    batch instanceof Batch
      ? new Batch(batch.dataset, batch.indices.subarray(cut(k), cut(k + 1)))
      : batch.slice(cut(k), cut(k + 1)),
  );
}

/** A seed for each step of each replica: nothing has to be remembered to go on from a snapshot. */
function seedOf(seed: number, iteration: number, replica: number): number {
  return (
    (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(iteration + 1, 0x85ebca6b) ^ Math.imul(replica + 1, 0xc2b2ae35)) >>> 0
  );
}

/** Puts the mean over replicas, by their weights, in the place of what this thread's reported. */
function reportMeans(weight: number, shares: readonly Share[], done: readonly Done[]): void {
  const observation = currentReporter()?.observation;
  if (!observation) return;
  const own = numbersOf(observation);
  for (const name of new Set(done.flatMap(({ values }) => [...values.keys()]))) {
    const parts = [{ weight, value: own.get(name) }];
    for (const [k, { values }] of done.entries()) parts.push({ weight: shares[k].weight, value: values.get(name) });
    let [sum, total] = [0, 0];
    for (const { weight: w, value } of parts) {
      if (value === undefined) continue;
      sum += w * value;
      total += w;
    }
    const there = observation[name];
    // In its place, so that a field of the model that holds the array agrees, and nothing is left behind.
    if (typeof there === 'object' && isFloating(there.dtype)) there.set([sum / total]);
    else observation[name] = sum / total;
  }
}
