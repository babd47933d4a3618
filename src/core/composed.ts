/** Functions composed of other functions, and the memory of the arrays that they compute on the way. */
import { freeUnreached, outsideScopes } from '../ndarray/lifetime.js';
import { NDArray } from '../ndarray/ndarray.js';
import { collectRecorded } from './function-node.js';
import { Variable } from './variable.js';

/**
 * Runs the body of a composed function. Where no scope is open, it frees the arrays that the body computed by routines of `np` (masks,
 * counts, one-hot labels), except results and arrays that the recorded functions keep for backward.
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

/** The arrays in a result, without the graphs behind them. */
export function arraysOf(value: unknown): NDArray[] {
  if (value instanceof NDArray) return [value];
  if (value instanceof Variable) return value.isInitialized ? [value.array] : [];
  if (Array.isArray(value)) return value.flatMap(arraysOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysOf) : [];
}
