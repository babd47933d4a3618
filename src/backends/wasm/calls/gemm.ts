/** Calls of assembly/gemm: batches of matrix products. gemm-cuts.ts divides them. */
import type { Activation } from '../../ops.js';
import type { Tensor } from '../../primitives.js';
import { ACTIVATION_CODES, READING_CODES } from '../generated/codes.js';
import { Gemm } from '../generated/records.js';
import type { CallKind } from './call-kind.js';
import { readingOf } from './reading.js';

/** C = act(op(A)·op(B) + bias + residual), for each matrix of a batch. */
export interface Product {
  readonly batch: number;
  /** C is m × n, and the sums have k terms. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  /** Bytes from one matrix of A to the next; 0 repeats one. */
  readonly aBatch: number;
  /** Bytes from one matrix of B to the next; 0 repeats one. */
  readonly bBatch: number;
  /** Bytes from one matrix of C to the next. */
  readonly cBatch: number;
  readonly transA: boolean;
  readonly transB: boolean;
  /** (n) */
  readonly bias: Tensor | null;
  readonly activation: Activation;
  /** Shaped as C. */
  readonly residual: Tensor | null;
}

function fill(words: Uint32Array, at: number, product: Product): void {
  words[at + Gemm.batch] = product.batch;
  words[at + Gemm.m] = product.m;
  words[at + Gemm.n] = product.n;
  words[at + Gemm.k] = product.k;
  words[at + Gemm.aBatch] = product.aBatch;
  words[at + Gemm.bBatch] = product.bBatch;
  words[at + Gemm.cBatch] = product.cBatch;
  words[at + Gemm.transA] = Number(product.transA);
  words[at + Gemm.transB] = Number(product.transB);
  words[at + Gemm.activation] = ACTIVATION_CODES[product.activation];
  words[at + Gemm.bStep] = 4 * (product.transB ? product.k : product.n);
  words[at + Gemm.cStep] = 4 * product.n;
  words[at + Gemm.reading] = readingOf(product);
}

/** A vector times a matrix, or a matrix times a vector. */
const isVector = ({ m, n }: Product): boolean => m === 1 || n === 1;

/** Whether the kernel for few rows reads B. */
const isReadWhole = (product: Product): boolean => readingOf(product) === READING_CODES.whole;

/** Products of float32. */
export const gemmFloat32: CallKind<Product> = {
  kernel: 'gemm',
  record: { words: Gemm.words, workspace: Gemm.workspace, bias: Gemm.bias },
  packing: {
    kernel: 'packWeight',
    source: Gemm.b,
    target: Gemm.weight,
    format: Gemm.format,
    bytes: 'weightBytes',
    formats: ['float32', 'float16', 'int8'],
    // Few rows read a float32 weight fastest where it lies.
    pays: (product, format) =>
      product.batch === 1 && product.n > 1 && product.k > 0 && !(format === 'float32' && isReadWhole(product)),
  },
  operands: ({ a, b, c, bias, residual }) => [
    [Gemm.a, a],
    [Gemm.b, b],
    [Gemm.c, c],
    [Gemm.bias, bias],
    [Gemm.residual, residual],
  ],
  fill,
  label: (product, isPacked) => {
    if (isVector(product)) return 'matrix-vector';
    if (isPacked) return 'packed product';
    return isReadWhole(product) ? 'product of few rows' : 'product';
  },
};

/** Products of another dtype, by plain loops. */
const plain = (kernel: 'matmulF64' | 'matmulI32'): CallKind<Product> => ({
  ...gemmFloat32,
  kernel,
  packing: null,
  label: () => 'plain loops',
});

export const gemmFloat64 = plain('matmulF64');
export const gemmInt32 = plain('matmulI32');
