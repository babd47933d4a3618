/** Data-parallel training: an updater that divides each batch among this thread and workers. See `parallel/replicas.ts` for the workers. */

import { currentReporter, type Observation } from '../../core/reporter.js';
import type { Serializer } from '../../core/serializer.js';
import type { Examples } from '../../datasets/batch.js';
import { ValueError } from '../../errors.js';
import type { DatasetIterator } from '../../iterators/iterator.js';
import { release, scope } from '../../ndarray/lifetime.js';
import { random } from '../../ndarray/np.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { checkOptions } from '../../options.js';
import { checkThreadCount, type ThreadCount, type ThreadUse, usableThreads } from '../../platform/threads.js';
import { checkTimeLimit } from '../../platform/time-limit.js';
import { numbersOf } from '../parallel/replica.js';
import type { ReplicaSource } from '../parallel/replica-worker.js';
import { type PendingStep, Replicas } from '../parallel/replicas.js';
import { divideBatch, reportMeans, type Share, type ShareReport, seedOf } from '../parallel/shares.js';
import type { Observe } from '../updater.js';
import { StandardUpdater, type StandardUpdaterOptions } from './standard-updater.js';

/** Options of {@link ParallelUpdater}. */
export interface ParallelUpdaterOptions<T> extends Omit<StandardUpdaterOptions<T>, 'lossScale'> {
  /**
   * The module that makes replicas of the model, by {@link replica}. With a bundler, pass a function that makes the worker:
   * `() => new Worker(new URL('./model.js', import.meta.url), { type: 'module' })`. In a page without a bundler, the module
   * must import Rensa by its URL, because workers have no import maps.
   */
  model: ReplicaSource;
  /** The number of threads, this one included; `'auto'`: one for each core. Default `'auto'`. */
  threads?: ThreadCount;
  /** The seed of the random numbers that replicas draw, in dropout for example. Default 0. */
  seed?: number;
  /**
   * The time that a replica may take to start, and to answer a step, in seconds; `Infinity`: no limit. A replica that takes longer
   * is ended, and the others compute its share. Default 60.
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

/** Ends the workers of updaters that were collected without {@link ParallelUpdater.finalize}. */
const abandoned = new FinalizationRegistry<Replicas>((replicas) => replicas.end());

/**
 * Divides each batch among threads that have a replica of the model each, adds up their gradients, and updates once; follows
 * chainer.training.updaters.ParallelUpdater.
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
 * If replica k has n_k of n examples and the gradient g_k, the gradient of the batch is Σ_k (n_k / n) · g_k. For a loss that is a
 * mean over examples it equals the gradient of one thread up to the order of summation. Reported values are means with the same
 * weights.
 *
 * The optimizer's target is replica 0 and computes in this thread. It alone keeps what `forward` changes, such as the running
 * means of batch normalization; batch statistics are those of a share. Each replica draws its own random numbers, which depend
 * on `seed`, the iteration and the replica alone. So runs that begin alike, or go on from a snapshot, end alike, except for the
 * random numbers of this thread.
 *
 * Workers start at the first update that uses them. A process does not wait for them; {@link finalize}, or `using`, ends them.
 * This thread updates alone while a batch has fewer examples than there are threads, until all parameters have their shapes, and
 * where there are no threads ({@link threads} gives the reason).
 *
 * **Lost replicas.** The updater ends a replica that ends by itself, sends something else than an answer, or does not answer within
 * `timeout`. A warning gives the reason, and so does {@link threads} from then on. Another replica computes the lost share again with
 * the same random numbers, or this thread if no replica is left. So the update stays the same up to the order of summation
 * (and running statistics, which this thread then updates once more). The remaining threads divide later batches. After a snapshot
 * is read, all replicas start again. The update throws what the model throws in a replica.
 *
 * **When it pays.** Each thread needs an idle core, because the slowest replica ends a step. A step costs two messages and two copies
 * of all parameters, one millisecond or more, so a batch has to take several. Two threads save at most what half a batch saves:
 * LeNet5 takes half a batch of 32 in 1/1.8 of the time, and half a batch of 256 in 1/1.9. On two cores that other programs kept busy,
 * two threads were slower than one in 9 of 12 runs (0.55 to 1.44 times as fast); nobody has measured idle cores. So compare with
 * `threads: 1`, and leave `init({ threads })` at one, because replicas use the cores already.
 */
export class ParallelUpdater<T> extends StandardUpdater<T> {
  readonly #source: ReplicaSource;
  readonly #seed: number;
  readonly #timeout: number;
  #use: ThreadUse;
  #replicas: Replicas | null = null;
  /** Settles when the earlier updates are done: replicas take one step at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws ValueError if `threads` is not a positive integer, `timeout` not a positive number, or the optimizer scales losses. */
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

  /** The number of threads, this one included, and the reason if there are fewer than were asked for. */
  get threads(): ThreadUse {
    if (!this.#replicas) return this.#use;
    const { size, lostBecause } = this.#replicas;
    return { count: 1 + size, reason: lostBecause ?? this.#use.reason };
  }

  /** Takes the next batch and updates by it. Updates that are not awaited run one after the other. */
  override update(observe?: Observe): Promise<void> {
    const done = this.#turn.then(() => super.update(observe));
    this.#turn = done.catch(() => {});
    return done;
  }

  /**
   * The update by one batch. If it throws, nothing was updated.
   *
   * @throws what the model throws in a replica, as one of the library's errors if it is one; DeviceError if the updater is
   *   finalized meanwhile.
   */
  protected override async updateBy(batch: Examples<T>, observe: Observe): Promise<void> {
    const replicas = await this.#replicasFor(batch.length);
    if (!replicas || batch.length <= replicas.size) return super.updateBy(batch, observe);
    const optimizer = this.getOptimizer('main');
    const [own, ...others] = divideBatch(batch, 1 + replicas.size);
    const weightOf = (examples: Examples<T>) => examples.length / batch.length;
    const within = <R>(fn: () => R): R => observe(() => scope(this, fn));
    const reports: ShareReport[] = [];

    /** Lets replicas compute shares, and this thread something else meanwhile. Returns the shares of replicas that were lost. */
    const compute = async (shares: readonly Share<T>[], meanwhile: () => void): Promise<Share<T>[]> => {
      let steps: PendingStep[] = [];
      try {
        within(() => {
          steps = replicas.give(shares.map(({ examples, ...share }) => ({ inputs: this.convert(examples), ...share })));
          meanwhile();
        });
      } finally {
        // Replicas take one step at a time, so wait for them also when this thread failed.
        await Promise.allSettled(steps.map(({ done }) => done));
      }
      const answers = await Promise.all(steps.map(({ done }) => done));
      within(() => {
        for (const [k, done] of answers.entries()) {
          if (!done) continue;
          steps[k].addGradients(done.without);
          reports.push({ weight: shares[k].weight, values: done.values });
        }
      });
      return shares.filter((_, k) => !answers[k]);
    };

    const shares = others.map((examples, k) => ({
      examples,
      weight: weightOf(examples),
      seed: seedOf(this.#seed, this.iteration, k),
    }));
    let lost = await compute(shares, () => {
      const loss = this.computeLoss(own);
      optimizer.target.cleargrads();
      loss.backward({ lossScale: weightOf(own) });
    });
    while (lost.length > 0 && replicas.size > 0) {
      const now = lost.slice(0, replicas.size);
      lost = [...(await compute(now, () => {})), ...lost.slice(now.length)];
    }
    within(() => {
      for (const share of lost) reports.push(this.#computeHere(share));
      optimizer.update();
      reportMeans(weightOf(own), reports);
    });
  }

  /** Adds the gradients of a share, computed in this thread with the random numbers of the replica that was lost. */
  #computeHere({ examples, weight, seed }: Share<T>): ShareReport {
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

  /** The replicas for a batch of `examples`, started at the first call; null if this thread computes the batch alone. */
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
    // Assigned before they have started, so that `finalize` ends them.
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

  /** Ends the replicas' workers and the iterators' workers. */
  override finalize(): void {
    this.#end();
    super.finalize();
  }

  /** The same as {@link finalize}. */
  dispose(): void {
    this.finalize();
  }

  /** Ends the workers at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.finalize();
  }

  /** Reads or writes what {@link StandardUpdater} does. After reading, replicas start again with the new parameters. */
  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    if (!serializer.writing) this.#end();
  }
}
