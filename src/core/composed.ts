/** Functions that are composed of others, and the arrays that they compute on the way. */
import { freeUnreached, outsideScopes } from '../ndarray/lifetime.js';
import { NDArray } from '../ndarray/ndarray.js';
import { collectRecorded } from './function-node.js';
import { Variable } from './variable.js';

/**
 * Runs the body of a composed function. Where no scope is open, arrays that it computed by routines of `np` (masks, counts, one-hot
 * labels) are freed at its end, unless they are its results or the recorded functions keep them for backward.
 */
export function composed<T>(body: () => T): T {
  if (!outsideScopes()) return body();
  return freeUnreached(() => {
    const [result, functions] = collectRecorded(body);
    const kept: unknown[] = [];
    for (const { retained } of functions) kept.push(retained);
    return { result, arrays: arraysOf(result), kept };
  });
}

/** The arrays that the values of a result hold, without the graphs behind them. */
export function arraysOf(value: unknown): NDArray[] {
  if (value instanceof NDArray) return [value];
  if (value instanceof Variable) return value.isInitialized ? [value.array] : [];
  if (Array.isArray(value)) return value.flatMap(arraysOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysOf) : [];
}
