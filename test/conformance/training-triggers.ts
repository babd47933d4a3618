/** Cases of triggers: the iterations at which they fire, also after they were saved and loaded. */
import { type serializers, training } from 'rensa';
import { compareJson, Mismatch } from './compare.js';
import type { Case, Group } from './group.js';
import { compareEntries, type Entry, restore, saved } from './saved-entries.js';

const { triggers } = training;

interface Counters {
  readonly iteration: number;
  readonly epoch: number;
  readonly epoch_detail: number;
  readonly previous_epoch_detail: number | null;
  readonly is_new_epoch: boolean;
}

interface TriggerCase extends Case {
  readonly args: unknown;
  /** Left out of long cases: see {@link countersAt}. */
  readonly counters?: readonly Counters[];
  readonly n?: number;
  readonly batch_size?: number;
  /** null: not asked at this iteration. */
  readonly fired: readonly (boolean | null)[];
  readonly resume_before_step?: number;
  readonly entries?: readonly Entry[];
  readonly state_lost?: boolean;
  readonly key?: string;
  readonly values?: readonly (number | null)[];
}

interface TimeCase extends Case {
  readonly args: [period: number];
  readonly elapsed: readonly number[];
  readonly fired: readonly boolean[];
}

interface EarlyStoppingArgs {
  readonly monitor?: string;
  readonly patience?: number;
  readonly mode?: 'auto' | 'min' | 'max';
  readonly check_trigger?: Interval;
  readonly max_trigger?: Interval;
}

type Interval = readonly [period: number, unit: training.Unit];

const MAKERS: Readonly<Record<string, (args: never) => training.Trigger>> = {
  IntervalTrigger: (args: Interval) => new triggers.IntervalTrigger(...args),
  ManualScheduleTrigger: (args: [number | number[], training.Unit]) => new triggers.ManualScheduleTrigger(...args),
  OnceTrigger: (args: [boolean?]) => new triggers.OnceTrigger(...args),
  MinValueTrigger: (args: [string, Interval?]) => new triggers.MinValueTrigger(...args),
  MaxValueTrigger: (args: [string, Interval?]) => new triggers.MaxValueTrigger(...args),
  EarlyStoppingTrigger: ({ check_trigger, max_trigger, ...rest }: EarlyStoppingArgs) =>
    new triggers.EarlyStoppingTrigger({
      ...rest,
      ...(check_trigger && { checkTrigger: check_trigger }),
      ...(max_trigger && { maxTrigger: max_trigger }),
    }),
};

/** The counters at a step: those of the case, or those of an iterator over n examples. */
function countersAt(step: number, { counters, n = 10, batch_size = 1 }: TriggerCase): Counters {
  if (counters) return counters[step];
  const [before, now] = [step, step + 1].map((iterations) => (iterations * batch_size) / n);
  const [epoch, is_new_epoch] = [Math.floor(now), Math.floor(now) > Math.floor(before)];
  return { iteration: step + 1, epoch, epoch_detail: now, previous_epoch_detail: before, is_new_epoch };
}

/** The trainer at a step of a case. */
function progressAt(step: number, testCase: TriggerCase): training.Progress {
  const { key, values } = testCase;
  const { iteration, epoch, epoch_detail, previous_epoch_detail, is_new_epoch } = countersAt(step, testCase);
  const value = values?.[step] ?? null;
  return {
    updater: {
      iteration,
      epoch,
      epochDetail: epoch_detail,
      previousEpochDetail: previous_epoch_detail,
      isNewEpoch: is_new_epoch,
    },
    observation: key === undefined || value === null ? {} : { [key]: value },
    elapsedTime: 0,
  };
}

function isSerializable(trigger: training.Trigger): trigger is training.Trigger & serializers.Serializable {
  return trigger.serialize !== undefined;
}

function asSerializable(trigger: training.Trigger): training.Trigger & serializers.Serializable {
  if (!isSerializable(trigger)) throw new Mismatch('the trigger has no state');
  return trigger;
}

/** A new trigger in the state of an old one, or, where the state is lost, in none. */
function resume(old: training.Trigger, fresh: training.Trigger, { entries, state_lost }: TriggerCase): void {
  const state = saved(asSerializable(old));
  if (entries) compareEntries(state, entries);
  restore(asSerializable(fresh), state_lost ? new Map() : state);
}

export async function runTrigger(_: Group, testCase: Case): Promise<void> {
  const triggerCase = testCase as TriggerCase;
  const { op, args, fired, resume_before_step } = triggerCase;
  const make = () => MAKERS[op](args as never);
  let trigger = make();
  for (const [step, want] of fired.entries()) {
    if (step === resume_before_step) {
      const fresh = make();
      resume(trigger, fresh, triggerCase);
      trigger = fresh;
    }
    if (want !== null) compareJson(`step ${step}`, await trigger.fires(progressAt(step, triggerCase)), want);
  }
}

export async function runTimeTrigger(_: Group, testCase: Case): Promise<void> {
  const { name, op, args, elapsed, fired } = testCase as TimeCase;
  const trigger = new triggers.TimeTrigger(...args);
  const progress = progressAt(0, { name, op, args, fired: [] });
  for (const [step, elapsedTime] of elapsed.entries()) {
    compareJson(`after ${elapsedTime} s`, await trigger.fires({ ...progress, elapsedTime }), fired[step]);
  }
}
