/** The global switches: whether functions behave as in training, and whether a graph is recorded. */
import { GraphError } from '../errors.js';
import { isPromise, refuse } from '../ndarray/lifetime.js';

/** Global switches; follow chainer.config. */
export interface Config {
  /** Whether functions behave as in training (dropout, batch statistics). Default true. */
  train: boolean;
  /** Whether computations record the graph that `backward` walks. Default true. */
  enableBackprop: boolean;
  /** Whether batch normalization keeps its running statistics untouched in training. Default false. */
  inRecomputing: boolean;
}

/** The current values of the switches. Read them anywhere; change them for one call with {@link usingConfig}. */
export const config: Config = { train: true, enableBackprop: true, inRecomputing: false };

/**
 * Runs `fn` with one switch set, and restores it, also when `fn` throws; follows chainer.using_config.
 *
 * @throws GraphError if `fn` returns a promise, since the switch would be restored before the promise settles.
 */
export function usingConfig<K extends keyof Config, T>(key: K, value: Config[K], fn: () => T): T {
  const before = config[key];
  config[key] = value;
  try {
    const result = fn();
    if (isPromise(result)) {
      refuse(result);
      throw new GraphError(
        `usingConfig('${key}'): the function returned a promise, but the switch is set only until it returns`,
      );
    }
    return result;
  } finally {
    config[key] = before;
  }
}

/** Runs `fn` without recording a graph; follows chainer.no_backprop_mode. */
export function noBackpropMode<T>(fn: () => T): T {
  return usingConfig('enableBackprop', false, fn);
}

/** Runs `fn` recording a graph, inside {@link noBackpropMode} too; follows chainer.force_backprop_mode. */
export function forceBackpropMode<T>(fn: () => T): T {
  return usingConfig('enableBackprop', true, fn);
}
