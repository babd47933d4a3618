/** Cases of extensions that shift a hyperparameter: its values call by call, and what the extension saves. */
import { L, optimizers, training } from 'rensa';
import { compare } from './compare.js';
import type { Case, Group } from './group.js';
import { compareEntries, type Entry, saved } from './saved-entries.js';

const { extensions } = training;

interface ShiftCase extends Case {
  readonly attr: string;
  readonly kwargs: Readonly<Record<string, never>>;
  readonly optimizer_value: number;
  /** The first after `initialize`, then one after each call. */
  readonly values: readonly number[];
  readonly entries: readonly Entry[];
}

type Make = (attr: string, kwargs: Readonly<Record<string, never>>) => training.Extension;

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

export async function runShift(_: Group, testCase: Case): Promise<void> {
  const { op, attr, kwargs, optimizer_value, values, entries } = testCase as ShiftCase;
  const optimizer = (attr === 'alpha' ? new optimizers.Adam() : new optimizers.MomentumSGD()).setup(new L.Linear(1, 1));
  Reflect.set(optimizer, attr, optimizer_value);
  const trainer = new training.Trainer(new training.StandardUpdater({}, optimizer), null, null);
  const shift = MAKERS[op](attr, kwargs);
  const got: number[] = [];
  for (let calls = 0; calls < values.length; calls++) {
    if (calls === 0) shift.initialize(trainer);
    else await shift.invoke(trainer);
    got.push(Number(Reflect.get(optimizer, attr)));
  }
  const series = (data: readonly number[]) =>
    ({ shape: [values.length], dtype: 'float64', data: Float64Array.from(data) }) as const;
  compare(attr, series(got), series(values), { rtol: 1e-12, atol: 1e-15 });
  compareEntries(saved(shift), entries);
}
