/**
 * The state of a training that Chainer's snapshots lack and a resumed training needs: the random streams, the last observation, by
 * which the stop trigger decides, and the hyperparameters that extensions changed.
 */
import type { Observation } from '../core/reporter.js';
import type { Serializer } from '../core/serializer.js';
import { unlessMissing } from '../core/stored.js';
import { FormatError } from '../errors.js';
import { NDArray } from '../ndarray/np.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { inWords } from '../options.js';
import { serializeRandomStreams } from '../serializers/random-streams.js';
import { fromPythonJson, toPythonJson } from './numbers-as-json.js';

type Values = Readonly<Record<string, unknown>>;

/** Hyperparameters of one optimizer: the values that the program set, and the current values. */
interface Course {
  readonly program: Values;
  readonly now: Values;
}

export class Resumption {
  readonly #optimizers: ReadonlyMap<string, Optimizer>;
  #program: Readonly<Record<string, Values>> | null = null;
  #stored: Readonly<Record<string, Course>> | null = null;

  constructor(optimizers: ReadonlyMap<string, Optimizer>) {
    this.#optimizers = optimizers;
  }

  /** Takes note of the hyperparameters that the program set. Called before anything changes them. */
  begin(): void {
    this.#program ??= this.#valuesNow();
  }

  /**
   * Sets hyperparameters to their values in the snapshot. If the program sets another value than the program that made the snapshot
   * did, the program's value stays.
   */
  applyHyperparameters(): void {
    for (const [name, { program, now }] of Object.entries(this.#stored ?? {})) {
      const optimizer = this.#optimizers.get(name);
      const current = new Map(Object.entries(this.#program?.[name] ?? {}));
      const before = new Map(Object.entries(program));
      for (const [key, value] of Object.entries(now)) {
        // A file can name anything, so set only hyperparameters that the optimizer has.
        if (optimizer && current.has(key) && Object.is(current.get(key), before.get(key)))
          Reflect.set(optimizer.hyperparam.values, key, value);
      }
    }
    this.#stored = null;
  }

  /** Reads or writes this state. Returns the observation. */
  serialize(serializer: Serializer, observation: Observation): Observation {
    serializeRandomStreams(serializer.child('random'));
    const [now, program] = [this.#valuesNow(), this.#program ?? this.#valuesNow()];
    const courses = Object.fromEntries(
      Object.keys(now).map((name) => [name, { program: program[name], now: now[name] }]),
    );
    const stored = exchange(serializer, 'hyperparameters', courses);
    const seen = exchange(serializer, 'observation', numbersIn(observation));
    if (serializer.writing) return observation;
    if (stored !== null && !isRecordOf(stored, (course) => isCourse(course)))
      throw new FormatError(`Trainer: the hyperparameters of the snapshot are ${inWords(stored)}, expected records`);
    if (seen !== null && !isRecordOf(seen, (value) => typeof value === 'number'))
      throw new FormatError(`Trainer: the observation of the snapshot is ${inWords(seen)}, expected numbers by name`);
    this.#stored = stored as Record<string, Course> | null;
    return (seen as Observation | null) ?? {};
  }

  #valuesNow(): Record<string, Values> {
    return Object.fromEntries(
      Array.from(this.#optimizers, ([name, { hyperparam }]) => [name, { ...hyperparam.snapshot() }] as const),
    );
  }
}

function isRecordOf(value: unknown, isOne: (item: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isOne);
}

const isCourse = (value: unknown): boolean =>
  isRecordOf(value, (values) => isRecordOf(values, () => true)) && 'program' in Object(value) && 'now' in Object(value);

/** Reads or writes a value as JSON; null if the file has none. */
function exchange(serializer: Serializer, name: string, value: unknown): unknown {
  const text = unlessMissing(serializer, name, toPythonJson(value), '');
  return text === '' ? null : fromPythonJson(text);
}

/** The single numbers of an observation, by which triggers can decide. */
function numbersIn(observation: Observation): Record<string, number> {
  const numbers: [string, number][] = [];
  for (const [name, value] of Object.entries(observation)) {
    if (typeof value === 'number') numbers.push([name, value]);
    else if (value instanceof NDArray && value.ndim === 0) numbers.push([name, value.item()]);
  }
  return Object.fromEntries(numbers);
}
