/**
 * Reporter: it collects named values, such as losses, that are computed deep inside a model, for the training loop.
 */
import { KeyError } from '../errors.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { keep } from '../ndarray/lifetime.js';
import type { NDArray } from '../ndarray/np.js';
import type { VariableLike } from './variable.js';

/** A reported value: a number, or a 0-d array, which stays on its device until it is read. */
export type Observed = number | NDArray;

/** Values by name: `main/loss`. */
export type Observation = Record<string, Observed>;

/** Puts a value into an observation. A plain assignment to the name `__proto__` would change the prototype instead. */
export function putInto(observation: Observation, name: string, value: Observed): void {
  if (name === '__proto__')
    Object.defineProperty(observation, name, { value, writable: true, enumerable: true, configurable: true });
  else observation[name] = value;
}

/** A function that gets each value when it is reported. A variable still has its graph, which the observation drops. */
export type ReportListener = (name: string, value: VariableLike | number) => void;

/** Collects reported values under the names of their observers; follows chainer.Reporter. */
export class Reporter {
  readonly #names = new Map<object, string>();
  readonly #listeners = new Set<ReportListener>();
  /** The reported values. */
  observation: Observation = {};

  /** Names an observer: the name prefixes the keys of its values. */
  addObserver(name: string, observer: object): void {
    this.#names.set(observer, name);
  }

  /** Names several observers by `prefix` and their paths, such as the links of a model. */
  addObservers(prefix: string, observers: Iterable<readonly [path: string, observer: object]>): void {
    for (const [path, observer] of observers) this.#names.set(observer, path === '/' ? prefix : prefix + path);
  }

  /** Stores values. @throws KeyError if the observer has no name here. */
  report(values: Readonly<Record<string, VariableLike | number>>, observer: object | null = null): void {
    const prefix = observer === null ? '' : `${this.#nameOf(observer)}/`;
    for (const [key, value] of Object.entries(values)) {
      const seen =
        typeof value === 'number' ? value : keep(ofThisCopy('report', 'array' in value ? value.array : value));
      putInto(this.observation, prefix + key, seen);
      for (const listener of this.#listeners) listener(prefix + key, value);
    }
  }

  /** Calls a listener with every reported value, until the returned function is called. */
  listen(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #nameOf(observer: object): string {
    const name = this.#names.get(observer);
    if (name === undefined)
      throw new KeyError(`report: ${observer.constructor.name} is not an observer of this reporter`);
    return name;
  }

  /** Runs `fn` with this reporter as the current one. */
  scope<T>(observation: Observation, fn: () => T): T {
    const before = this.observation;
    this.observation = observation;
    stack.push(this);
    try {
      return fn();
    } finally {
      stack.pop();
      this.observation = before;
    }
  }
}

const stack: Reporter[] = [];

/** The current reporter, or null. */
export function currentReporter(): Reporter | null {
  return stack.at(-1) ?? null;
}

/**
 * Reports values to the current reporter; without one, it does nothing. The name of `observer` prefixes the keys. Follows
 * chainer.report.
 */
export function report(values: Readonly<Record<string, VariableLike | number>>, observer: object | null = null): void {
  currentReporter()?.report(values, observer);
}
