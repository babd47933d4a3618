/** The differences of a compiled model's results from those of the float32 model. */
import type { NDArray } from '../ndarray/ndarray.js';

/** The difference of one result from the float32 model's. */
export interface ResultComparison {
  /** The key or the place of the result; '' for a single result. */
  readonly name: string;
  /** The largest absolute difference of two elements. */
  readonly maxAbsolute: number;
  /** `maxAbsolute` divided by the largest magnitude in the float32 result. */
  readonly maxRelative: number;
  /** The fraction of rows (along the last axis) whose largest element is at the same place. */
  readonly top1Agreement: number;
}

function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/** Compares a result with the expected one. Reads both. */
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
