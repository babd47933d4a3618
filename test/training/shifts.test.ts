/** Hyperparameters over time, as Chainer's extensions shift them. */
import { describe, expect, it, test } from 'vitest';
import { KeyError, L, optimizers, training, ValueError } from '../../src/index.js';
import { type Entry, expectEntries, load, saved, trainingCases } from '../support/training-fixtures.js';

const { extensions } = training;

interface ShiftCase {
  op: string;
  attr: string;
  kwargs: Record<string, never>;
  optimizer_value: number;
  values: number[];
  entries: Entry[];
}

type Make = (attr: string, kwargs: Record<string, never>) => training.Extension;

const MAKERS: Readonly<Record<string, Make>> = {
  LinearShift: (attr, { value_range, time_range }) => new extensions.LinearShift(attr, value_range, time_range),
  ExponentialShift: (attr, { rate, ...options }) => new extensions.ExponentialShift(attr, rate, options),
  InverseShift: (attr, { gamma, power, ...options }) => new extensions.InverseShift(attr, gamma, power, options),
  PolynomialShift: (attr, { rate, max_count, ...options }) =>
    new extensions.PolynomialShift(attr, rate, max_count, options),
  StepShift: (attr, { gamma, step, ...options }) => new extensions.StepShift(attr, gamma, step, options),
  MultistepShift: (attr, { gamma, step_value, init }) => new extensions.MultistepShift(attr, gamma, step_value, init),
  WarmupShift: (attr, { warmup_start, warmup_iter, init }) =>
    new extensions.WarmupShift(attr, warmup_start, warmup_iter, init),
};

/** A trainer whose updater does nothing. */
function idleTrainer(lr: number): { trainer: training.Trainer; optimizer: optimizers.SGD } {
  const optimizer = new optimizers.SGD(lr).setup(new L.Linear(1, 1));
  const updater = new training.StandardUpdater({}, optimizer);
  return { trainer: new training.Trainer(updater, null, null), optimizer };
}

describe.each(Object.keys(MAKERS))('%s follows Chainer', (op) => {
  test.each(trainingCases<ShiftCase>(op))('$name', ({ attr, kwargs, optimizer_value, values, entries }) => {
    const { trainer, optimizer } = idleTrainer(optimizer_value);
    const shift = MAKERS[op](attr, kwargs);
    shift.initialize(trainer);
    const got = [optimizer.lr];
    for (let i = 1; i < values.length; i++) {
      shift.invoke(trainer);
      got.push(optimizer.lr);
    }
    got.forEach((value, i) => {
      expect(value, `values[${i}]`).toBeCloseTo(values[i], 12);
    });
    expectEntries(saved(shift), entries);
  });

  test.each(trainingCases<ShiftCase>(op))(
    '$name goes on after a resume',
    ({ attr, kwargs, optimizer_value, values }) => {
      const half = Math.floor(values.length / 2);
      const before = idleTrainer(optimizer_value);
      const first = MAKERS[op](attr, kwargs);
      first.initialize(before.trainer);
      for (let i = 0; i < half; i++) first.invoke(before.trainer);
      const after = idleTrainer(optimizer_value);
      const second = MAKERS[op](attr, kwargs);
      load(second, saved(first));
      second.initialize(after.trainer);
      // A warm-up that is over leaves the hyperparameter to whoever set it.
      if (op !== 'WarmupShift' || half <= 4) expect(after.optimizer.lr).toBeCloseTo(values[half], 12);
      for (let i = half + 1; i < values.length; i++) {
        second.invoke(after.trainer);
        if (op !== 'WarmupShift' || i <= 4) expect(after.optimizer.lr).toBeCloseTo(values[i], 12);
      }
    },
  );
});

describe('misuse', () => {
  it('a hyperparameter that the optimizer does not have', () => {
    const { trainer } = idleTrainer(1);
    expect(() => new extensions.ExponentialShift('alpha', 0.5).initialize(trainer)).toThrow(KeyError);
    expect(() => new extensions.ExponentialShift('alpha', 0.5).initialize(trainer)).toThrow(/SGD.*'alpha'/);
  });

  it('negative rates', () => {
    expect(() => new extensions.ExponentialShift('lr', -1)).toThrow(ValueError);
    expect(() => new extensions.InverseShift('lr', -1, 1)).toThrow(ValueError);
  });
});

test('another optimizer than main', () => {
  const { trainer, optimizer } = idleTrainer(1);
  const other = new optimizers.Adam(0.5).setup(new L.Linear(1, 1));
  const shift = new extensions.ExponentialShift('alpha', 0.5, { optimizer: other });
  shift.initialize(trainer);
  shift.invoke(trainer);
  expect([other.alpha, optimizer.lr]).toEqual([0.25, 1]);
});

test('two shifts of one hyperparameter: a warm-up hands over', () => {
  const { trainer, optimizer } = idleTrainer(0.8);
  const shifts = [new extensions.StepShift('lr', 0.5, 3), new extensions.WarmupShift('lr', 0.2, 2, 0.8)];
  for (const shift of shifts) shift.initialize(trainer);
  const values = Array.from({ length: 6 }, () => {
    for (const shift of shifts) shift.invoke(trainer);
    return optimizer.lr;
  });
  [0.5, 0.8, 0.4, 0.4, 0.4, 0.2].forEach((want, i) => {
    expect(values[i]).toBeCloseTo(want, 12);
  });
});
