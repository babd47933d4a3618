/**
 * Matrix products, divided so that no thread needs what another computes: matrices of a batch, rows of C, or, of few
 * rows, columns.
 */
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';
import { move, type Parts } from './parts.js';

/** Words of the record of assembly/gemm/gemm.ts. */
const Gemm = {
  batch: 0,
  m: 1,
  n: 2,
  k: 3,
  a: 4,
  b: 5,
  c: 6,
  aBatch: 7,
  bBatch: 8,
  cBatch: 9,
  transA: 10,
  transB: 11,
  bias: 12,
  residual: 14,
  format: 15,
  scales: 16,
  packedA: 17,
  packedB: 18,
  work: 19,
  bStep: 20,
  reading: 22,
} as const;
const WORDS = 23;

/** The reading of B by the kernels for few rows. */
const WHOLE = 2;

/** Bytes of an element of B, by the formats' numbers. */
const FORMAT_BYTES = [4, 4, 2, 1];

/** The kernel of this file, divided. */
export function divideProducts(parts: Parts, { tileRows, tileColumns, columns, depth }: Blocking): Partial<Kernels> {
  const gemm = (record: number): void => {
    const words = parts.words(record, WORDS);
    const [batch, m, n, k] = words;
    const begin = words[Gemm.work];
    const panels = Math.ceil(Math.min(n, columns) / tileColumns) * tileColumns * Math.min(k, depth) * 4 + 64;
    const division = {
      kernel: 'gemm',
      record,
      size: WORDS,
      rooms: [Gemm.packedA, Gemm.work],
      begin,
      bytes: words[Gemm.packedB] - begin + panels,
      work: batch * m * n * k,
    } as const;
    if (batch > 1) {
      const [a, b, c] = [words[Gemm.aBatch], words[Gemm.bBatch], words[Gemm.cBatch]];
      parts.run({
        ...division,
        n: batch,
        unit: 1,
        change: (part, first, count) => {
          part[Gemm.batch] = count;
          part[Gemm.a] += first * a;
          part[Gemm.b] += first * b;
          part[Gemm.c] += first * c;
          move(part, Gemm.residual, first * c);
        },
      });
    } else if (n > tileColumns && (words[Gemm.reading] === WHOLE || m <= 2 * tileRows)) {
      const format = words[Gemm.format];
      const column = format !== 0 ? k * FORMAT_BYTES[format] : words[Gemm.transB] ? words[Gemm.bStep] : 4;
      parts.run({
        ...division,
        // Memory decides where rows are few, and so a multiply-add counts for more.
        work: Math.ceil(8 / m) * division.work,
        n,
        unit: tileColumns,
        change: (part, first, count) => {
          part[Gemm.n] = count;
          part[Gemm.b] += first * column;
          part[Gemm.c] += 4 * first;
          move(part, Gemm.scales, 4 * first);
          move(part, Gemm.bias, 4 * first);
          move(part, Gemm.residual, 4 * first);
        },
      });
    } else if (m > tileRows && !words[Gemm.transA]) {
      parts.run({
        ...division,
        n: m,
        unit: tileRows,
        change: (part, first, count) => {
          part[Gemm.m] = count;
          part[Gemm.a] += 4 * k * first;
          part[Gemm.c] += 4 * n * first;
          move(part, Gemm.residual, 4 * n * first);
        },
      });
    } else {
      parts.whole('gemm', record);
    }
  };
  return { gemm };
}
