/** The cuts of matrix products. */
import { READING_CODES } from '../generated/codes.js';
import { Gemm } from '../generated/records.js';
import { type Cut, type Division, move } from './cut.js';

/** Matrices of the batch. */
const byMatrix = (words: Int32Array) => ({
  n: words[Gemm.batch],
  unit: 1,
  take(part: Int32Array, first: number, count: number) {
    part[Gemm.batch] = count;
    part[Gemm.a] += first * part[Gemm.aBatch];
    part[Gemm.b] += first * part[Gemm.bBatch];
    part[Gemm.c] += first * part[Gemm.cBatch];
    move(part, Gemm.residual, first * part[Gemm.cBatch]);
  },
});

/** Columns of C, in whole panels of B. */
const byColumn = (words: Int32Array, unit: number) => ({
  n: words[Gemm.n],
  unit,
  take(part: Int32Array, first: number, count: number) {
    part[Gemm.n] = count;
    part[Gemm.b] += first * (part[Gemm.transB] ? part[Gemm.bStep] : 4);
    part[Gemm.weight] += (first / unit) * part[Gemm.weightStep];
    part[Gemm.c] += 4 * first;
    move(part, Gemm.scales, 4 * first);
    move(part, Gemm.bias, 4 * first);
    move(part, Gemm.residual, 4 * first);
  },
});

/** Rows of C. */
const byRow = (words: Int32Array, unit: number) => ({
  n: words[Gemm.m],
  unit,
  take(part: Int32Array, first: number, count: number) {
    part[Gemm.m] = count;
    part[Gemm.a] += 4 * part[Gemm.k] * first;
    part[Gemm.c] += part[Gemm.cStep] * first;
    move(part, Gemm.residual, part[Gemm.cStep] * first);
  },
});

/** Matrices of the batch; or columns, where rows are few; or rows, which a transposed A does not have side by side. */
export function gemmCut(words: Int32Array, { blocking: { tileRows, tileColumns } }: Division): Cut | null {
  const [batch, m, n] = [words[Gemm.batch], words[Gemm.m], words[Gemm.n]];
  const work = batch * m * n * words[Gemm.k];
  if (batch > 1) return { work, ...byMatrix(words) };
  if (n > tileColumns && (words[Gemm.reading] === READING_CODES.whole || m <= 2 * tileRows)) {
    // Few rows wait for memory, so a multiply-add counts for more.
    return { work: Math.ceil(8 / m) * work, ...byColumn(words, tileColumns) };
  }
  return m > tileRows && !words[Gemm.transA] ? { work, ...byRow(words, tileRows) } : null;
}
