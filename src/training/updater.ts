/** The interface of updaters. */
import type { Serializer } from '../core/serializer.js';
import type { Reaching } from '../ndarray/lifetime.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { UpdaterProgress } from './trigger.js';

/** Runs a computation, and hands its reports to the trainer. Reporting is synchronous, and so is this. */
export type Observe = <T>(fn: () => T) => T;

/** Changes models, one batch at a time; follows chainer.training.Updater. */
export interface Updater extends UpdaterProgress, Reaching {
  /** Makes one update. It reports inside `observe`. */
  update(observe?: Observe): void | Promise<void>;
  /** @throws KeyError if there is no optimizer of that name. */
  getOptimizer(name: string): Optimizer;
  /** All optimizers by name. */
  getAllOptimizers(): ReadonlyMap<string, Optimizer>;
  /** Frees what it holds, such as workers. */
  finalize(): void;
  /** Reads or writes its state: counters, iterators, models, optimizers. */
  serialize(serializer: Serializer): void;
}
