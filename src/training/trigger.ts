/** The interface of triggers, and the progress by which they decide. The triggers themselves are in `triggers/`. */
import type { Observation } from '../core/reporter.js';
import type { Serializer } from '../core/serializer.js';

/** The unit of a training's length. */
export type Unit = 'epoch' | 'iteration';

/** The progress of an updater. */
export interface UpdaterProgress {
  /** The number of updates so far. */
  readonly iteration: number;
  /** The number of complete epochs. */
  readonly epoch: number;
  /** The epoch with its fraction. */
  readonly epochDetail: number;
  /** `epochDetail` before the last update; null before the first. */
  readonly previousEpochDetail: number | null;
  /** Whether the last update completed an epoch. */
  readonly isNewEpoch: boolean;
}

/** The progress of a training, by which triggers decide. A Trainer is one. */
export interface Progress {
  /** The progress of the updater. */
  readonly updater: UpdaterProgress;
  /** The reports of this iteration. */
  readonly observation: Observation;
  /** Seconds of training, including those before the snapshot that it resumes. */
  readonly elapsedTime: number;
}

/** Decides after each iteration whether to fire: an extension then runs, or the training stops. */
export interface Trigger {
  /** Whether it fires now. Called once an iteration. */
  fires(progress: Progress): boolean | Promise<boolean>;
  /** Whether it will never fire again. */
  readonly finished?: boolean;
  /** The length of a training that stops when this fires. */
  trainingLength?(): readonly [length: number, unit: Unit];
  /** Reads or writes its state. */
  serialize?(serializer: Serializer): void;
}

/** A trigger, an interval such as `[1, 'epoch']`, a function that decides, or null: never. */
export type TriggerLike =
  | Trigger
  | readonly [period: number, unit: Unit]
  | ((progress: Progress) => boolean | Promise<boolean>)
  | null;
