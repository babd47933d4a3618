/** Arguments of the matrix product: block sizes decide how much room packing needs, and nothing else here. */
import type { Activation, DType, MatmulOptions, Tensor } from '../backend.js';
import { ITEM_SIZES } from './dtypes.js';
import type { Blocking, Machine } from './machine.js';
import { addressOf } from './memory.js';

/** What epilogues apply, as assembly/gemm/block.ts numbers it. */
export const ACTIVATION_CODES = { none: 0, relu: 1, sigmoid: 2, tanh: 3 } satisfies Record<Activation, number>;

/** The next multiple of `unit`. */
export const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;

/** Bytes of the small room of a product: zeros, a ragged tile, the block's description. */
export const WORK_BYTES = 320;

/** Bytes of a packed block of A, and of B. A vector may be written beyond the last element. */
const packedRowsBytes = ({ rows, tileRows, depth }: Blocking, m: number, k: number): number =>
  roundUp(Math.min(m, rows), tileRows) * Math.min(k, depth) * 4 + 64;
const packedColumnsBytes = ({ columns, tileColumns, depth }: Blocking, n: number, k: number): number =>
  roundUp(Math.min(n, columns), tileColumns) * Math.min(k, depth) * 4 + 64;

/** A product as the kernel wants it: addresses, sizes, and steps between the matrices of a batch in bytes. */
export interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly aBatch: number;
  readonly bBatch: number;
  readonly cBatch: number;
  readonly transA: boolean;
  readonly transB: boolean;
  /** For each column; 0 if there is none. */
  readonly bias: number;
  readonly activation: Activation;
  /** As C; 0 if there is none. */
  readonly residual: number;
}

/** Writes the record `Gemm` of assembly/gemm/gemm.ts. */
function writeArguments(machine: Machine, product: Product, workspace: number): number {
  const words = machine.heap.i32;
  const packedA = workspace + WORK_BYTES;
  let at = machine.arguments >> 2;
  words[at++] = product.batch;
  words[at++] = product.m;
  words[at++] = product.n;
  words[at++] = product.k;
  words[at++] = product.a;
  words[at++] = product.b;
  words[at++] = product.c;
  words[at++] = product.aBatch;
  words[at++] = product.bBatch;
  words[at++] = product.cBatch;
  words[at++] = Number(product.transA);
  words[at++] = Number(product.transB);
  words[at++] = product.bias;
  words[at++] = ACTIVATION_CODES[product.activation];
  words[at++] = product.residual;
  words[at++] = packedA;
  words[at++] = packedA + packedRowsBytes(machine.blocking, product.m, product.k);
  words[at++] = workspace;
  return machine.arguments;
}

/** The float32 product, with room for packing taken from the heap and given back. */
export function gemm(machine: Machine, product: Product): void {
  const { heap, kernels, blocking } = machine;
  const { m, n, k } = product;
  const workspace = heap.alloc(WORK_BYTES + packedRowsBytes(blocking, m, k) + packedColumnsBytes(blocking, n, k));
  kernels.gemm(writeArguments(machine, product, workspace));
  heap.free(workspace);
}

/** Matrix products on a machine. */
export class Products {
  readonly #machine: Machine;
  readonly #kernels: Partial<Record<DType, (product: number) => void>>;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#kernels = { float64: machine.kernels.matmulF64, int32: machine.kernels.matmulI32 };
  }

  matmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions = {}): void {
    const { transA = false, transB = false, bias = null, activation = 'none', residual = null } = options;
    const [batch, m, n] = out.shape;
    if (out.memory.size === 0) return;
    const item = ITEM_SIZES[out.dtype];
    const k = transA ? a.shape[1] : a.shape[2];
    const product: Product = {
      batch,
      m,
      n,
      k,
      a: addressOf(a),
      b: addressOf(b),
      c: addressOf(out),
      aBatch: a.shape[0] === 1 ? 0 : m * k * item,
      bBatch: b.shape[0] === 1 ? 0 : k * n * item,
      cBatch: m * n * item,
      transA,
      transB,
      bias: bias ? addressOf(bias) : 0,
      activation,
      residual: residual ? addressOf(residual) : 0,
    };
    if (out.dtype === 'float32') gemm(this.#machine, product);
    else this.#kernels[out.dtype]?.(writeArguments(this.#machine, product, 0));
  }
}
