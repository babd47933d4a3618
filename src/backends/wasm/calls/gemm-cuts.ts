/** The cuts of matrix products. */
import { READING_CODES } from '../generated/codes.js';
import { Gemm } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** A cut by matrices of the batch. */
const byMatrix = (words: Int32Array) => ({
  n: words[Gemm.batch],
  unit: 1,
  take(share: Int32Array, first: number, count: number) {
    share[Gemm.batch] = count;
    share[Gemm.a] += first * share[Gemm.aBatch];
    share[Gemm.b] += first * share[Gemm.bBatch];
    share[Gemm.c] += first * share[Gemm.cBatch];
    move(share, Gemm.residual, first * share[Gemm.cBatch]);
  },
});

/** A cut by columns of C, in whole panels of B. */
const byColumn = (words: Int32Array, unit: number) => ({
  n: words[Gemm.n],
  unit,
  take(share: Int32Array, first: number, count: number) {
    share[Gemm.n] = count;
    share[Gemm.b] += first * (share[Gemm.transB] ? share[Gemm.bStep] : 4);
    share[Gemm.weight] += (first / unit) * share[Gemm.weightStep];
    share[Gemm.c] += 4 * first;
    move(share, Gemm.scales, 4 * first);
    move(share, Gemm.bias, 4 * first);
    move(share, Gemm.residual, 4 * first);
  },
});

/** A cut by rows of C. */
const byRow = (words: Int32Array, unit: number) => ({
  n: words[Gemm.m],
  unit,
  take(share: Int32Array, first: number, count: number) {
    share[Gemm.m] = count;
    share[Gemm.a] += 4 * share[Gemm.k] * first;
    share[Gemm.c] += share[Gemm.cStep] * first;
    move(share, Gemm.residual, share[Gemm.cStep] * first);
  },
});

/**
 * The cut of a product: by matrices if there are several, by columns if there are few rows, and otherwise by rows. A transposed A
 * is not cut by rows, since its rows are not contiguous. Returns null if the call cannot be cut.
 */
export function gemmCut(words: Int32Array, { blocking: { tileRows, tileColumns } }: Division): Cut | null {
  const [batch, m, n] = [words[Gemm.batch], words[Gemm.m], words[Gemm.n]];
  const work = batch * m * n * words[Gemm.k];
  if (batch > 1) return { work, ...byMatrix(words) };
  if (n > tileColumns && (words[Gemm.reading] === READING_CODES.whole || m <= 2 * tileRows)) {
    // With few rows, memory limits the speed, so each multiply-add takes longer.
    return { work: Math.ceil(8 / m) * work, ...byColumn(words, tileColumns) };
  }
  return m > tileRows && !words[Gemm.transA] ? { work, ...byRow(words, tileRows) } : null;
}
