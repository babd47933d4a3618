/**
 * Arguments of the matrix product: how much room packing needs, whether a batch is one taller matrix, and what becomes of
 * a constant operand.
 */

import type { PreparedCall, WeightFormat } from '../backend.js';
import type { Activation } from '../ops.js';
import type { MatmulOptions, Tensor } from '../primitives.js';
import { ITEM_SIZES } from './dtypes.js';
import type { Blocking, Machine } from './machine.js';
import { addressOf, expectMemory } from './memory.js';
import { NOTHING_TO_DO, PreparedKernel } from './prepared.js';

/** What epilogues apply, as assembly/gemm/block.ts numbers it. */
export const ACTIVATION_CODES = { none: 0, relu: 1, sigmoid: 2, tanh: 3 } satisfies Record<Activation, number>;

/** An operand that is not packed, and what one that is packed is kept as: assembly/gemm/format.ts numbers them. */
export const GIVEN = 0;
export const FORMAT_CODES = { float32: 1, float16: 2, int8: 3 } satisfies Record<WeightFormat, number>;

/** Bytes of an element of a packed weight. */
export const FORMAT_BYTES = { float32: 4, float16: 2, int8: 1 } satisfies Record<WeightFormat, number>;

/** The next multiple of `unit`. */
export const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;

/** Bytes of the small room of a product: zeros, a ragged tile, the block's description. */
export const WORK_BYTES = 320;

/** Bytes of a packed block of A, and of B. A vector may be written beyond the last element. */
const packedRowsBytes = ({ rows, tileRows, depth }: Blocking, { m, k }: Product): number =>
  roundUp(Math.min(m, rows), tileRows) * Math.min(k, depth) * 4 + 64;
const packedColumnsBytes = ({ columns, tileColumns, depth }: Blocking, { n, k }: Product): number =>
  roundUp(Math.min(n, columns), tileColumns) * Math.min(k, depth) * 4 + 64;

/** C = act(op(A)·op(B) + bias + residual). Matrices of a batch are as many bytes apart as said; 0 repeats one. */
export interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly aBatch: number;
  readonly bBatch: number;
  readonly cBatch: number;
  readonly transA: boolean;
  readonly transB: boolean;
  /** For each column. */
  readonly bias: Tensor | null;
  readonly activation: Activation;
  /** As C. */
  readonly residual: Tensor | null;
}

/** How B is read where it is not packed beforehand, as assembly/gemm/gemm.ts numbers it. */
const READING = { inPlace: 0, packed: 1, whole: 2 } as const;

/**
 * Rows up to which what B's packing costs is not repaid: of dot products with B's rows, of sums over them, and of tiles that
 * fetch them piece by piece.
 */
const FEW = { dots: 15, sums: 12, always: 2, pieces: 24 };

/** Elements of B that caches still hold when the next panel of A passes by. */
const NEAR = 1 << 20;

/** Elements of a page: rows that lie whole pages apart push each other out of the caches. */
const PAGE = 1024;

/** The fastest way to read B, which `node bench/readings.mjs` holds against measurements. */
function readingOf({ m, n, k, transA, transB }: Product): number {
  if (m === 1 || n === 1) return READING.whole;
  if (transB) return m <= FEW.dots && !transA ? READING.whole : READING.packed;
  const isFar = n * k > NEAR || n % PAGE === 0;
  if (m <= (isFar ? FEW.sums : FEW.always)) return READING.whole;
  return m > (isFar ? FEW.sums : FEW.pieces) ? READING.packed : READING.inPlace;
}

/** The places of addresses in the record `Gemm`, in words, and its length in bytes. */
const WORD = { a: 4, b: 5, c: 6, bias: 12, residual: 14, format: 15, scales: 16, packedA: 17, packedB: 18, work: 19 };
const RECORD_BYTES = 128;

/** The word of that record which says how B is read. */
const READING_WORD = 22;

const workspaceBytes = ({ blocking }: Machine, product: Product): number =>
  WORK_BYTES + packedRowsBytes(blocking, product) + packedColumnsBytes(blocking, product);

/** Writes the record `Gemm` of assembly/gemm/gemm.ts. */
function writeRecord(machine: Machine, record: number, product: Product, workspace: number): void {
  expectMemory(product.a, product.b, product.c, product.bias, product.residual);
  const words = machine.heap.u32;
  const packedA = workspace + WORK_BYTES;
  let at = record >> 2;
  words[at++] = product.batch;
  words[at++] = product.m;
  words[at++] = product.n;
  words[at++] = product.k;
  words[at++] = addressOf(product.a);
  words[at++] = addressOf(product.b);
  words[at++] = addressOf(product.c);
  words[at++] = product.aBatch;
  words[at++] = product.bBatch;
  words[at++] = product.cBatch;
  words[at++] = Number(product.transA);
  words[at++] = Number(product.transB);
  words[at++] = product.bias ? addressOf(product.bias) : 0;
  words[at++] = ACTIVATION_CODES[product.activation];
  words[at++] = product.residual ? addressOf(product.residual) : 0;
  words[at++] = GIVEN;
  words[at++] = 0;
  words[at++] = packedA;
  words[at++] = packedA + packedRowsBytes(machine.blocking, product);
  words[at++] = workspace;
  words[at++] = 4 * (product.transB ? product.k : product.n);
  words[at++] = 4 * product.n;
  words[at++] = readingOf(product);
}

/** The float32 product, with room for packing taken from the heap and given back. */
export function gemm(machine: Machine, product: Product): void {
  const workspace = machine.heap.alloc(workspaceBytes(machine, product));
  try {
    writeRecord(machine, machine.arguments, product, workspace);
    machine.kernels.gemm(machine.arguments);
  } finally {
    machine.heap.free(workspace);
  }
}

/**
 * The float32 product with a constant B, and a bias that is copied. B is packed unless rows are so few that reading it as it
 * is costs least, even where packing would cost nothing.
 */
export function prepareGemm(machine: Machine, product: Product, format: WeightFormat): PreparedCall {
  const { heap, arena, blocking, kernels } = machine;
  const { n, k, bias } = product;
  const columns = roundUp(n, blocking.tileColumns);
  const isVector = product.m === 1 || n === 1;
  const isRead = format === 'float32' && readingOf(product) === READING.whole;
  const packs = product.batch === 1 && n > 1 && k > 0 && !isRead;
  const biasBytes = bias ? roundUp(columns * 4, 64) : 0;
  const scaleBytes = packs && format === 'int8' ? roundUp(columns * 4, 64) : 0;
  const bytes = RECORD_BYTES + biasBytes + scaleBytes + (packs ? columns * k * FORMAT_BYTES[format] : 0);
  expectMemory(product.a, product.b, product.c, bias, product.residual);
  const block = heap.alloc(bytes);
  arena.retain(workspaceBytes(machine, product));
  writeRecord(machine, block, product, arena.address);

  const words = heap.u32;
  const first = block >> 2;
  const scales = block + RECORD_BYTES + biasBytes;
  const weight = scales + scaleBytes;
  if (bias) {
    heap.u8.copyWithin(block + RECORD_BYTES, addressOf(bias), addressOf(bias) + n * 4);
    words[first + WORD.bias] = block + RECORD_BYTES;
  }
  if (packs) {
    words[first + WORD.format] = FORMAT_CODES[format];
    words[first + WORD.scales] = scales;
    if (!kernels.packWeight(block, weight)) {
      // An element is beyond what the format can hold.
      heap.free(block);
      arena.release();
      return prepareGemm(machine, product, 'float32');
    }
    words[first + WORD.b] = weight;
    words[first + READING_WORD] = product.m === 1 ? READING.whole : READING.packed;
  }
  const operands = [
    { word: WORD.a, tensor: product.a },
    { word: WORD.c, tensor: product.c },
  ];
  if (!packs) operands.push({ word: WORD.b, tensor: product.b });
  if (product.residual) operands.push({ word: WORD.residual, tensor: product.residual });
  return new PreparedKernel(machine, {
    algorithm: isVector ? 'matrix-vector' : packs ? 'packed product' : isRead ? 'product of few rows' : 'product',
    readsWeight: !packs,
    kernel: (record) => machine.kernels.gemm(record),
    block,
    bytes,
    operands,
    rooms: [WORD.packedA, WORD.packedB, WORD.work],
  });
}

/** What the options leave open of the product of two tensors. */
function productOf(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions): Product {
  const { transA = false, transB = false, bias = null, activation = 'none', residual = null } = options;
  const [batch, m, n] = out.shape;
  const k = transA ? a.shape[1] : a.shape[2];
  const item = ITEM_SIZES[out.dtype];
  // Of matrices one below the other, all of them times one B, the product is one.
  const isOne = !transA && b.shape[0] === 1 && a.shape[0] === batch;
  return {
    batch: isOne ? 1 : batch,
    m: isOne ? batch * m : m,
    n,
    k,
    a,
    b,
    c: out,
    aBatch: a.shape[0] === 1 ? 0 : m * k * item,
    bBatch: b.shape[0] === 1 ? 0 : k * n * item,
    cBatch: m * n * item,
    transA,
    transB,
    bias,
    activation,
    residual,
  };
}

/** Matrix products on a machine. */
export class Products {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  matmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions = {}): void {
    if (out.memory.size === 0) return;
    const product = productOf(a, b, out, options);
    if (out.dtype === 'float32') {
      gemm(this.#machine, product);
      return;
    }
    writeRecord(this.#machine, this.#machine.arguments, product, 0);
    this.#machine.kernels[out.dtype === 'float64' ? 'matmulF64' : 'matmulI32'](this.#machine.arguments);
  }

  prepare(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, format: WeightFormat): PreparedCall {
    if (out.memory.size === 0) return NOTHING_TO_DO;
    if (out.dtype === 'float32') return prepareGemm(this.#machine, productOf(a, b, out, options), format);
    return {
      algorithm: 'plain loops',
      bytes: 0,
      readsWeight: true,
      readsBias: true,
      run: () => this.matmul(a, b, out, options),
      free() {},
    };
  }
}
