/** How far results are from what they should be. */
import type { NDArray } from '../ndarray/ndarray.js';

/** How far one result of a compiled model is from the float32 model's. */
export interface ResultComparison {
  /** The key or the place of the result; '' if there is one only. */
  readonly name: string;
  /** The largest difference of two elements. */
  readonly maxAbsolute: number;
  /** That difference as a part of the largest magnitude of the float32 result. */
  readonly maxRelative: number;
  /** The part of rows (along the last axis) whose largest element is at the same place. */
  readonly top1Agreement: number;
}

function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/** Compares a result with what it should be. Reads both. */
export function compareResults(name: string, got: NDArray, want: NDArray): ResultComparison {
  const [a, b] = [got.dataSync(), want.dataSync()];
  let [maxAbsolute, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    maxAbsolute = Math.max(maxAbsolute, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  const width = want.shape.at(-1) || 1;
  const rows = b.length / width;
  let agreeing = 0;
  for (let from = 0; from < b.length; from += width) {
    if (argmax(a.subarray(from, from + width)) === argmax(b.subarray(from, from + width))) agreeing++;
  }
  return {
    name,
    maxAbsolute,
    maxRelative: largest > 0 ? maxAbsolute / largest : maxAbsolute,
    top1Agreement: rows > 0 ? agreeing / rows : 1,
  };
}
