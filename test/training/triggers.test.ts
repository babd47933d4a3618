/**
 * The arguments that triggers accept and refuse. The conformance group `training` has when they fire and what they
 * save.
 */
import { describe, expect, it, test, vi } from 'vitest';
import { training, ValueError } from '../../src/index.js';
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

  it('refuses invalid periods and units', () => {
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

describe.each([
  [
    'EarlyStoppingTrigger',
    () => new triggers.EarlyStoppingTrigger({ monitor: 'val/loss', checkTrigger: [2, 'iteration'] }),
  ],
  ['MinValueTrigger', () => new triggers.MinValueTrigger('val/loss', [2, 'iteration'])],
  ['MaxValueTrigger', () => new triggers.MaxValueTrigger('val/loss', [2, 'iteration'])],
] as const)('%s of a value that was never reported', (name, make) => {
  it('does not fire, and warns once with the names there are', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const trigger = make();
    for (let i = 1; i <= 8; i++)
      expect(await trigger.fires(progressAt(i, { 'main/loss': 1, ...(i === 1 && { 'main/accuracy': 0 }) }))).toBe(
        false,
      );
    expect(warn.mock.calls).toEqual([
      [`${name}: nothing has reported 'val/loss' so far; the reported names are: main/loss, main/accuracy`],
    ]);
    warn.mockRestore();
  });

  it('does not warn where the value comes now and then', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const trigger = make();
    for (let i = 1; i <= 12; i++) await trigger.fires(progressAt(i, i % 5 === 1 ? { 'val/loss': 1 } : {}));
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe('a value that is not a number', () => {
  const { NaN: nan } = Number;
  const fired = async (trigger: training.Trigger, values: readonly number[]) => {
    const all: boolean[] = [];
    for (const [i, value] of values.entries()) all.push(await trigger.fires(progressAt(i + 1, { x: value })));
    return all;
  };

  it('is never the best', async () => {
    const [min, max] = [
      new triggers.MinValueTrigger('x', [1, 'iteration']),
      new triggers.MaxValueTrigger('x', [1, 'iteration']),
    ];
    expect(await fired(min, [nan, 3, nan, 4, 2])).toEqual([false, true, false, false, true]);
    expect(await fired(max, [nan, nan, 3, 2, nan, 4])).toEqual([false, false, true, false, false, true]);
    expect([min.bestValue, max.bestValue]).toEqual([2, 4]);
  });

  it('does not stay the best of an older file', async () => {
    const first = new triggers.MinValueTrigger('x', [1, 'iteration']);
    await fired(first, [1]);
    const entries = saved(first);
    entries.set('best_value', { shape: [], dtype: 'float64', data: Float64Array.of(nan) });
    const second = new triggers.MinValueTrigger('x', [1, 'iteration']);
    load(second, entries);
    expect(await second.fires(progressAt(2, { x: 5 }))).toBe(true);
    expect(second.bestValue).toBe(5);
  });

  it('stops a training that does not recover', async () => {
    const trigger = new triggers.EarlyStoppingTrigger({ monitor: 'x', checkTrigger: [1, 'iteration'], patience: 2 });
    expect(await fired(trigger, [1, nan, 0.5, nan, nan])).toEqual([false, false, false, false, true]);
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
