/** The interface of triggers, and the progress by which they decide. The triggers themselves are in `triggers/`. */
import type { Observation } from '../core/reporter.js';
import type { Serializer } from '../core/serializer.js';
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { IntervalTrigger } from './triggers/interval-trigger.js';

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

/** Makes a trigger of a {@link TriggerLike}; follows chainer.training.get_trigger. @throws ValueError for any other value. */
export function getTrigger(when: TriggerLike): Trigger {
  if (when === null) return { fires: () => false };
  if (typeof when === 'function') {
    if (typeof when.prototype?.fires === 'function')
      throw new ValueError(`trigger: ${when.name} is a class; pass an instance, new ${when.name}(…)`);
    return { fires: when };
  }
  if (isInterval(when)) return intervalOf(when);
  if (typeof when === 'object' && typeof when.fires === 'function') return when;
  throw new ValueError(`trigger: ${inWords(when)} is not a trigger; expected ${TIMES}`);
}

/** The kinds of {@link TriggerLike}, for messages. */
const TIMES = "an interval such as [1, 'epoch'], a trigger, a function or null";

function intervalOf(when: readonly unknown[]): IntervalTrigger {
  const [period, unit] = when;
  if (when.length !== 2 || typeof period !== 'number' || (unit !== 'epoch' && unit !== 'iteration')) {
    const got = when.map((part) => (typeof part === 'string' ? `'${part}'` : inWords(part))).join(', ');
    throw new ValueError(
      `trigger: [${got}] is not an interval; expected a number and 'epoch' or 'iteration', such as [1, 'epoch']`,
    );
  }
  return new IntervalTrigger(period, unit);
}

function isInterval(when: Trigger | readonly [number, Unit]): when is readonly [number, Unit] {
  return Array.isArray(when);
}
