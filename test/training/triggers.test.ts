/** When triggers fire, and what they save, as Chainer's do. */
import { describe, expect, it, test } from 'vitest';
import type { HostArray } from '../../src/formats/host-array.js';
import { KeyError, training, ValueError } from '../../src/index.js';
import type { Serializable } from '../../src/serializers/npz.js';
import { type Entry, expectEntries, load, saved, trainingCases } from '../support/training-fixtures.js';

const { triggers } = training;

interface Counters {
  iteration: number;
  epoch: number;
  epoch_detail: number;
  previous_epoch_detail: number | null;
  is_new_epoch: boolean;
}

interface TriggerCase {
  op: string;
  args: unknown;
  /** Left out of long cases: see {@link countersAt}. */
  counters?: Counters[];
  n?: number;
  batch_size?: number;
  fired: (boolean | null)[];
  called_every?: number;
  resume_before_step?: number;
  entries?: Entry[];
  state_lost?: boolean;
  key?: string;
  values?: (number | null)[];
}

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

type Interval = readonly [number, training.Unit];

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

interface EarlyStoppingArgs {
  monitor?: string;
  patience?: number;
  mode?: 'min' | 'max';
  check_trigger?: Interval;
  max_trigger?: Interval;
}

function isSerializable(trigger: training.Trigger): trigger is training.Trigger & Serializable {
  return trigger.serialize !== undefined;
}

function asSerializable(trigger: training.Trigger): training.Trigger & Serializable {
  if (!isSerializable(trigger)) throw new Error('the trigger has no state');
  return trigger;
}

describe.each(Object.keys(MAKERS))('%s follows Chainer', (op) => {
  test.each(trainingCases<TriggerCase>(op))('$name', async (testCase) => {
    const { args, fired, resume_before_step, entries, state_lost } = testCase;
    const make = () => MAKERS[op](args as never);
    let trigger = make();
    for (const [step, want] of fired.entries()) {
      if (step === resume_before_step) {
        const state = saved(asSerializable(trigger));
        if (entries) expectEntries(state, entries);
        trigger = make();
        load(asSerializable(trigger), state_lost ? new Map<string, HostArray>() : state);
      }
      if (want !== null) expect([step, await trigger.fires(progressAt(step, testCase))]).toEqual([step, want]);
    }
  });
});

test.each(trainingCases<{ args: [number]; elapsed: number[]; fired: boolean[] }>('TimeTrigger'))(
  '$name follows Chainer',
  ({ args, elapsed, fired }) => {
    const trigger = new triggers.TimeTrigger(...args);
    const progress = progressAt(0, { op: '', args, counters: [counters(1)], fired: [] });
    expect(elapsed.map((elapsedTime) => trigger.fires({ ...progress, elapsedTime }))).toEqual(fired);
  },
);

function counters(iteration: number): Counters {
  return { iteration, epoch: 0, epoch_detail: iteration / 10, previous_epoch_detail: null, is_new_epoch: false };
}

describe('getTrigger', () => {
  const progress = progressAt(0, { op: '', args: [], counters: [counters(1)], fired: [] });

  it('takes an interval, a function, a trigger, and null for never', async () => {
    expect(await training.getTrigger([1, 'iteration']).fires(progress)).toBe(true);
    expect(await training.getTrigger(({ updater }) => updater.iteration === 1).fires(progress)).toBe(true);
    expect(await training.getTrigger(null).fires(progress)).toBe(false);
    const trigger = new triggers.OnceTrigger();
    expect(training.getTrigger(trigger)).toBe(trigger);
  });

  it('refuses periods and units that are none', () => {
    for (const period of [0, -1, Number.NaN]) {
      expect(() => new triggers.IntervalTrigger(period, 'epoch')).toThrow(ValueError);
    }
    expect(() => new triggers.IntervalTrigger(1, 'week' as 'epoch')).toThrow(/week/);
    expect(() => new triggers.TimeTrigger(0)).toThrow(ValueError);
  });
});

describe('IntervalTrigger', () => {
  it('does not lose or repeat a firing to rounding', () => {
    // 0.1 + 0.1 + … in steps that have no exact representation: Python's floor division is the oracle.
    const trigger = new triggers.IntervalTrigger(0.1, 'epoch');
    const fired = [0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6, 0.7, 0.7999999999999999, 0.8999999999999999, 1].map(
      (epoch_detail) =>
        trigger.fires(progressAt(0, { op: '', args: [], counters: [{ ...counters(1), epoch_detail }], fired: [] })),
    );
    // [int(b // 0.1) != int(a // 0.1)]: quotients 1 2 3 4 4 5 6 7 8 9
    expect(fired).toEqual([true, true, true, true, false, true, true, true, true, true]);
  });
});

describe('a value that was never reported', () => {
  const progress = progressAt(0, { op: '', args: [], counters: [counters(1)], fired: [] });

  it('is an error of MinValueTrigger', async () => {
    await expect(new triggers.MinValueTrigger('x', [1, 'iteration']).fires(progress)).rejects.toThrow(KeyError);
  });

  it('stops nothing early', async () => {
    const trigger = new triggers.EarlyStoppingTrigger({ monitor: 'x', checkTrigger: [1, 'iteration'] });
    expect(await trigger.fires(progress)).toBe(false);
  });
});

test('EarlyStoppingTrigger goes on counting after a resume', async () => {
  const make = () => new triggers.EarlyStoppingTrigger({ checkTrigger: [1, 'iteration'], patience: 3 });
  const at = (iteration: number) =>
    progressAt(0, { op: '', args: [], counters: [counters(iteration)], fired: [], key: 'main/loss', values: [1] });
  const first = make();
  expect([await first.fires(at(1)), await first.fires(at(2)), await first.fires(at(3))]).toEqual([false, false, false]);
  const second = make();
  load(second, saved(first));
  expect(await second.fires(at(4))).toBe(true);
});
