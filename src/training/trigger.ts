/** What a trigger is, and what it may look at. The triggers themselves are in triggers/. */
import type { Observation } from '../core/reporter.js';
import type { Serializer } from '../core/serializer.js';
import { ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { IntervalTrigger } from './triggers/interval-trigger.js';

/** What a training length is counted in. */
export type Unit = 'epoch' | 'iteration';

/** How far an updater is. */
export interface UpdaterProgress {
  /** The number of updates so far. */
  readonly iteration: number;
  /** How many epochs are complete. */
  readonly epoch: number;
  /** The epoch with its fraction. */
  readonly epochDetail: number;
  /** `epochDetail` before the last update; null before the first. */
  readonly previousEpochDetail: number | null;
  /** Whether the last update completed an epoch. */
  readonly isNewEpoch: boolean;
}

/** How far a training is: what triggers decide by. A Trainer is one. */
export interface Progress {
  /** How far the training is. */
  readonly updater: UpdaterProgress;
  /** What has been reported in this iteration. */
  readonly observation: Observation;
  /** Seconds of training, earlier ones that were resumed included. */
  readonly elapsedTime: number;
}

/** Decides at each iteration whether something happens. */
export interface Trigger {
  /** Whether it happens now. Asked once an iteration. */
  fires(progress: Progress): boolean | Promise<boolean>;
  /** Whether it will never fire again. */
  readonly finished?: boolean;
  /** How long a training is that stops when this fires. */
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

/** A trigger of whatever says when; follows chainer.training.get_trigger. @throws ValueError for what says no time. */
export function getTrigger(when: TriggerLike): Trigger {
  if (when === null) return { fires: () => false };
  if (typeof when === 'function') {
    if (typeof when.prototype?.fires === 'function')
      throw new ValueError(`trigger: ${when.name} is a class; give an instance, new ${when.name}(…)`);
    return { fires: when };
  }
  if (isInterval(when)) return intervalOf(when);
  if (typeof when === 'object' && typeof when.fires === 'function') return when;
  throw new ValueError(`trigger: ${inWords(when)} says no time; expected ${TIMES}`);
}

/** What says a time, for messages. */
const TIMES = "an interval such as [1, 'epoch'], a trigger, a function or null";

function intervalOf(when: readonly unknown[]): IntervalTrigger {
  const [period, unit] = when;
  if (when.length !== 2 || typeof period !== 'number' || (unit !== 'epoch' && unit !== 'iteration')) {
    const got = when.map((part) => (typeof part === 'string' ? `'${part}'` : inWords(part))).join(', ');
    throw new ValueError(
      `trigger: [${got}] is no interval; expected a number and 'epoch' or 'iteration', such as [1, 'epoch']`,
    );
  }
  return new IntervalTrigger(period, unit);
}

function isInterval(when: Trigger | readonly [number, Unit]): when is readonly [number, Unit] {
  return Array.isArray(when);
}
