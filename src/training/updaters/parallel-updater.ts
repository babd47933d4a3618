/** Data-parallel training: a batch is divided among this thread and workers. parallel/replicas.ts starts the workers. */

import { currentReporter, type Observation, putInto } from '../../core/reporter.js';
import type { Serializer } from '../../core/serializer.js';
import { Batch, type Examples } from '../../datasets/batch.js';
import { ValueError } from '../../errors.js';
import type { DatasetIterator } from '../../iterators/iterator.js';
import { isFloating } from '../../ndarray/dtype.js';
import { release, scope } from '../../ndarray/lifetime.js';
import { random } from '../../ndarray/np.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { checkOptions } from '../../options.js';
import { checkThreadCount, type ThreadCount, type ThreadUse, usableThreads } from '../../platform/threads.js';
import { checkTimeLimit } from '../../platform/time-limit.js';
import { numbersOf } from '../parallel/replica.js';
import type { ReplicaSource } from '../parallel/replica-worker.js';
import { Replicas, type Share } from '../parallel/replicas.js';
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
  /**
   * How long a replica may take to start, and to answer a step, in seconds; `Infinity`: as long as it likes. A replica that takes longer is
   * ended, and the others compute what it had to. Default 60.
   */
  timeout?: number;
}

/** The names of {@link ParallelUpdaterOptions}. */
const OPTIONS: Readonly<Record<keyof ParallelUpdaterOptions<unknown>, unknown>> = {
  model: null,
  threads: null,
  seed: null,
  timeout: null,
  converter: null,
  device: null,
  lossFunc: null,
  autoNewEpoch: null,
};

/** A replica's part of a batch. */
interface Part<T> {
  readonly examples: Examples<T>;
  /** Its part of the batch. */
  readonly weight: number;
  /** Of the random numbers that are drawn for it. */
  readonly seed: number;
}

/** What was reported of a part of a batch. */
interface Report {
  readonly weight: number;
  readonly values: ReadonlyMap<string, number>;
}

/** Ends the workers of updaters that were given up without {@link ParallelUpdater.finalize}. */
const abandoned = new FinalizationRegistry<Replicas>((replicas) => replicas.end());

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
 * **Replicas that are lost.** A replica that ends, sends what is no answer, or does not answer within `timeout` is ended. A
 * warning says why, and {@link threads} does from then on. Its share of that very batch is computed again, with the same random
 * numbers, by a replica that is left, or by this thread if there is none; so the update is the same but for the order of
 * sums (and for running statistics, which this thread then updates once more). Later batches are divided among those that
 * are left. After reading a snapshot all begin again. What a model throws in a replica is thrown by the update.
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
  readonly #timeout: number;
  #use: ThreadUse;
  #replicas: Replicas | null = null;
  /** Settled once the updates so far are done: replicas have one step at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws ValueError if `threads` is no positive integer, `timeout` is no positive number, or the optimizer scales losses. */
  constructor(
    iterator: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
    optimizer: Optimizer | Readonly<Record<string, Optimizer>>,
    options: ParallelUpdaterOptions<T>,
  ) {
    checkOptions('ParallelUpdater', options, OPTIONS);
    const { model, threads = 'auto', seed = 0, timeout = 60, ...rest } = options;
    super(iterator, optimizer, rest);
    checkThreadCount('ParallelUpdater: threads', threads);
    if (this.getOptimizer('main').lossScale !== null) {
      throw new ValueError('ParallelUpdater: the optimizer scales losses, which replicas do not');
    }
    this.#source = model;
    checkTimeLimit('ParallelUpdater', timeout);
    this.#seed = seed;
    this.#timeout = timeout;
    this.#use = usableThreads(threads);
  }

  /** How many threads compute, this one among them; and why they are fewer than were asked for, or null. */
  get threads(): ThreadUse {
    if (!this.#replicas) return this.#use;
    const { size, lostBecause } = this.#replicas;
    return { count: 1 + size, reason: lostBecause ?? this.#use.reason };
  }

  /** Takes the next batch and updates by it. Updates that are not awaited are carried out one after the other. */
  override update(observe?: Observe): Promise<void> {
    const done = this.#turn.then(() => super.update(observe));
    this.#turn = done.catch(() => {});
    return done;
  }

  /**
   * The update by one batch.
   *
   * @throws what the model throws in a replica, by its class where that is one of the library's; DeviceError if it is finalized
   *   meanwhile. Nothing is updated then.
   */
  protected override async updateBy(batch: Examples<T>, observe: Observe): Promise<void> {
    const replicas = await this.#replicasFor(batch.length);
    if (!replicas || batch.length <= replicas.size) return super.updateBy(batch, observe);
    const [own, ...others] = divide(batch, 1 + replicas.size);
    const { target } = this.getOptimizer('main');
    const weightOf = (examples: Examples<T>) => examples.length / batch.length;
    const within = <R>(fn: () => R): R => observe(() => scope(this, fn));
    const reports: Report[] = [];

    /** Lets replicas compute parts of the batch, and this thread something else meanwhile. Gives the parts that were lost. */
    const compute = async (parts: readonly Part<T>[], meanwhile: () => void): Promise<Part<T>[]> => {
      let shares: Share[] = [];
      try {
        within(() => {
          shares = replicas.give(parts.map(({ examples, ...part }) => ({ inputs: this.convert(examples), ...part })));
          meanwhile();
        });
      } finally {
        // Also when this thread failed: replicas have one step at a time.
        await Promise.allSettled(shares.map(({ done }) => done));
      }
      const answers = await Promise.all(shares.map(({ done }) => done));
      within(() => {
        for (const [k, done] of answers.entries()) {
          if (!done) continue;
          shares[k].addGradients(done.without);
          reports.push({ weight: parts[k].weight, values: done.values });
        }
      });
      return parts.filter((_, k) => !answers[k]);
    };

    const parts = others.map((examples, k) => ({
      examples,
      weight: weightOf(examples),
      seed: seedOf(this.#seed, this.iteration, k),
    }));
    let lost = await compute(parts, () => {
      const loss = this.computeLoss(own);
      target.cleargrads();
      loss.backward({ lossScale: weightOf(own) });
    });
    while (lost.length > 0 && replicas.size > 0) {
      const now = lost.slice(0, replicas.size);
      lost = [...(await compute(now, () => {})), ...lost.slice(now.length)];
    }
    within(() => {
      for (const part of lost) reports.push(this.#computeHere(part));
      this.getOptimizer('main').update();
      reportMeans(weightOf(own), reports);
    });
  }

  /** Adds the gradients of a replica's part, computed as the replica would have, by this thread. */
  #computeHere({ examples, weight, seed }: Part<T>): Report {
    const own = random.getState();
    const observation: Observation = {};
    try {
      random.seed(seed);
      const compute = () => this.computeLoss(examples).backward({ lossScale: weight });
      const reporter = currentReporter();
      if (reporter) reporter.scope(observation, compute);
      else compute();
      return { weight, values: numbersOf(observation) };
    } finally {
      random.setState(own);
      release(observation, this);
    }
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
    const count = this.#use.count - 1;
    const replicas = new Replicas(target, { count, source: this.#source, timeout: this.#timeout, name: 'main' });
    // Known before they have started, so that `finalize` ends them.
    this.#replicas = replicas;
    abandoned.register(this, replicas, replicas);
    try {
      await replicas.started;
    } catch (error) {
      if (this.#replicas === replicas) this.#end();
      throw error;
    }
    return replicas;
  }

  #end(): void {
    if (!this.#replicas) return;
    abandoned.unregister(this.#replicas);
    this.#replicas.end();
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

/** Puts the mean over all parts, by their weights, in the place of what this thread's reported. */
function reportMeans(weight: number, reports: readonly Report[]): void {
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
    const there = Object.hasOwn(observation, name) ? observation[name] : undefined;
    // In its place, so that a field of the model that holds the array agrees, and nothing is left behind.
    if (typeof there === 'object' && isFloating(there.dtype)) there.set([sum / total]);
    else putInto(observation, name, sum / total);
  }
}
