/** What triggers take and refuse. When they fire, and what they save, the recorded cases of Chainer's say. */
import { describe, expect, it, test } from 'vitest';
import { KeyError, training, ValueError } from '../../src/index.js';
import { load, saved } from '../support/training-fixtures.js';

const { triggers } = training;

/** A trainer after some iterations of a tenth of an epoch each. */
function progressAt(iteration: number, observation: Record<string, number> = {}, epochDetail = iteration / 10) {
  const updater = { iteration, epoch: 0, epochDetail, previousEpochDetail: null, isNewEpoch: false };
  return { updater, observation, elapsedTime: 0 };
}

describe('getTrigger', () => {
  const progress = progressAt(1);

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

test('OneShotTrigger fires when its point is passed, and never again', () => {
  const trigger = new triggers.OneShotTrigger(3, 'iteration');
  expect([1, 2, 3, 4, 5].map((iteration) => trigger.fires(progressAt(iteration)))).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(trigger.finished).toBe(true);
});

describe('IntervalTrigger', () => {
  it('does not lose or repeat a firing to rounding', () => {
    // 0.1 + 0.1 + … in steps that have no exact representation: Python's floor division is the oracle.
    const trigger = new triggers.IntervalTrigger(0.1, 'epoch');
    const fired = [0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6, 0.7, 0.7999999999999999, 0.8999999999999999, 1].map(
      (epochDetail) => trigger.fires(progressAt(1, {}, epochDetail)),
    );
    // [int(b // 0.1) != int(a // 0.1)]: quotients 1 2 3 4 4 5 6 7 8 9
    expect(fired).toEqual([true, true, true, true, false, true, true, true, true, true]);
  });
});

describe('a value that was never reported', () => {
  const progress = progressAt(1);

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
  const at = (iteration: number) => progressAt(iteration, { 'main/loss': 1 });
  const first = make();
  expect([await first.fires(at(1)), await first.fires(at(2)), await first.fires(at(3))]).toEqual([false, false, false]);
  const second = make();
  load(second, saved(first));
  expect(await second.fires(at(4))).toBe(true);
});
