/**
 * The wasm backend: kernels from assembly/ on one linear memory. Here each primitive of the seam finds its family; the
 * families turn tensors into addresses. Ready as soon as it is made, in every JavaScript engine with WebAssembly SIMD.
 */

import type { ThreadUse } from '../../platform/threads.js';
import type { Backend, PreparedCall, WeightFormat } from '../backend.js';
import { CHECKS } from '../operand-checks.js';
import type { ArgReduceOp, BinaryOp, CumulativeOp, RandomKind, ReduceOp, UnaryOp, UpdateRuleName } from '../ops.js';
import type {
  AffineAddend,
  AffineCoefficients,
  Conv2dGeometry,
  DType,
  Epilogue,
  MatmulOptions,
  Memory,
  Pool2dGeometry,
  StridedView,
  Tensor,
  TypedArray,
} from '../primitives.js';
import { type ConvolutionAlgorithm, checkAlgorithm } from './algorithms.js';
import { Convolutions } from './convolution.js';
import { ITEM_SIZES, VIEWS } from './dtypes.js';
import { Elementwise } from './elementwise.js';
import { random, update } from './learning.js';
import { bestVariant, type Variant } from './loader.js';
import { Machine } from './machine.js';
import { blockOf, WasmMemory } from './memory.js';
import { Movement } from './movement.js';
import { Normalization } from './normalization.js';
import { Pooling } from './pooling.js';
import { Products } from './products.js';
import { Reductions } from './reductions.js';

/** What may be asked of the backend beyond its defaults. */
export interface WasmBackendOptions {
  /**
   * wasm: the algorithm that computes each convolution that it can compute, for tests and measurements. Only before
   * anything is computed. Default: for each shape the one that a cost model finds cheapest.
   */
  readonly convolution?: ConvolutionAlgorithm;
  /**
   * wasm: whether convolutions of 3×3 filters may be computed by Winograd's algorithm, which needs up to 5 times fewer multiplications,
   * but rounds more and spreads a NaN or an infinity to all outputs of its tile. false: NaN and ±∞ reach the outputs whose windows contain
   * them, as in Chainer. Only before anything is computed. Default: true.
   */
  readonly winograd?: boolean;
}

export class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly weightFormats: readonly WeightFormat[] = ['float32', 'float16', 'int8'];
  readonly dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'uint8', 'bool'];
  readonly machine: Machine;
  readonly #elementwise: Elementwise;
  readonly #reductions: Reductions;
  readonly #normalization: Normalization;
  readonly #movement: Movement;
  readonly #products: Products;
  readonly #convolutions: Convolutions;
  readonly #pooling: Pooling;

  /** Set by start-threads.ts. */
  threads: ThreadUse = { count: 1, reason: 'none were asked for' };

  constructor(machine: Machine, { convolution, winograd }: WasmBackendOptions) {
    this.machine = machine;
    this.#elementwise = new Elementwise(machine);
    this.#reductions = new Reductions(machine);
    this.#normalization = new Normalization(machine);
    this.#movement = new Movement(machine);
    this.#products = new Products(machine);
    this.#convolutions = new Convolutions(machine, convolution, winograd);
    this.#pooling = new Pooling(machine, this.#convolutions);
  }

  get maxMemory(): number {
    return this.machine.heap.limit;
  }

  set maxMemory(bytes: number) {
    this.machine.heap.limit = bytes;
  }

  alloc(size: number, dtype: DType): WasmMemory {
    return new WasmMemory(dtype, size, this.machine.heap.alloc(size * ITEM_SIZES[dtype]));
  }

  free(memory: Memory): void {
    const block = blockOf(memory);
    this.machine.heap.free(block.address);
    block.address = 0;
  }

  slice(memory: Memory, byteOffset: number, size: number, dtype: DType): WasmMemory {
    return new WasmMemory(dtype, size, blockOf(memory).address + byteOffset);
  }

  write(memory: Memory, data: TypedArray): void {
    if (data.length === 0) return; // an array whose memory was given away is empty too, and no engine copies from it
    VIEWS[memory.dtype](this.machine.heap).set(data, blockOf(memory).address / ITEM_SIZES[memory.dtype]);
  }

  async read(memory: Memory): Promise<TypedArray> {
    return this.readSync(memory);
  }

  readSync(memory: Memory): TypedArray {
    const begin = blockOf(memory).address / ITEM_SIZES[memory.dtype];
    return VIEWS[memory.dtype](this.machine.heap).slice(begin, begin + memory.size);
  }

  stats() {
    const { bytes, blocks, reserved } = this.machine.heap;
    return { bytes, blocks, reserved };
  }

  fill(out: Tensor, value: number): void {
    this.#elementwise.fill(out, value);
  }

  cast(x: Tensor, out: Tensor): void {
    this.#elementwise.cast(x, out);
  }

  unary(op: UnaryOp, x: Tensor, out: Tensor): void {
    this.#elementwise.unary(op, x, out);
  }

  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    this.#elementwise.binary(op, a, b, out);
  }

  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    this.#elementwise.where(condition, a, b, out);
  }

  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void {
    CHECKS.reduce(op, x, axes, out);
    this.#reductions.reduce(op, x, axes, out);
  }

  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void {
    CHECKS.argReduce(op, x, axis, out);
    this.#reductions.argReduce(op, x, axis, out);
  }

  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void {
    CHECKS.cumulative(op, x, axis, out);
    this.#reductions.cumulative(op, x, axis, out);
  }

  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void {
    CHECKS.softmax(x, axis, log, out);
    this.#reductions.softmax(x, axis, log, out);
  }

  moments(x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor): void {
    CHECKS.moments(x, axes, mean, variance);
    this.#normalization.moments(x, axes, mean, variance);
  }

  comoments(x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor): void {
    CHECKS.comoments(x, center, y, axes, sum, product);
    this.#normalization.comoments(x, center, y, axes, sum, product);
  }

  affine(x: Tensor, coefficients: AffineCoefficients, addend: AffineAddend | null, out: Tensor): void {
    CHECKS.affine(x, coefficients, addend, out);
    this.#normalization.affine(x, coefficients, addend, out);
  }

  copy(x: Tensor, from: StridedView, out: Tensor, to: StridedView, shape: readonly number[]): void {
    CHECKS.copy(x, from, out);
    this.#movement.copy(x, from, out, to, shape);
  }

  addToView(x: Tensor, out: Tensor, to: StridedView): void {
    CHECKS.addToView(x, out);
    this.#movement.addToView(x, out, to);
  }

  gather(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    CHECKS.gather(x, indices, axis, out);
    this.#movement.gather(x, indices, axis, out);
  }

  scatterAdd(x: Tensor, indices: Tensor, axis: number, out: Tensor): void {
    CHECKS.scatterAdd(x, indices, axis, out);
    this.#movement.scatterAdd(x, indices, axis, out);
  }

  matmul(a: Tensor, b: Tensor, out: Tensor, options?: MatmulOptions): void {
    CHECKS.matmul(a, b, out, options);
    this.#products.matmul(a, b, out, options);
  }

  prepareMatmul(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, format: WeightFormat): PreparedCall {
    CHECKS.matmul(a, b, out, options);
    return this.#products.prepare(a, b, out, options, format);
  }

  conv2d(x: Tensor, w: Tensor, bias: Tensor | null, geometry: Conv2dGeometry, out: Tensor, epilogue?: Epilogue): void {
    CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
    this.#convolutions.forward(x, w, bias, geometry, out, epilogue);
  }

  prepareConv2d(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue,
    format: WeightFormat,
  ): PreparedCall {
    CHECKS.conv2d(x, w, bias, geometry, out, epilogue);
    return this.#convolutions.prepare(x, w, bias, geometry, out, epilogue, format);
  }

  conv2dGradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    CHECKS.conv2dGradInput(gy, w, geometry, out);
    this.#convolutions.gradInput(gy, w, geometry, out);
  }

  conv2dGradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    CHECKS.conv2dGradWeight(x, gy, geometry, out);
    this.#convolutions.gradWeight(x, gy, geometry, out);
  }

  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
    CHECKS.maxPool2d(x, geometry, out, indices);
    this.#pooling.maxPool2d(x, geometry, out, indices);
  }

  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.maxPool2dGrad(gy, indices, geometry, out);
    this.#pooling.maxPool2dGrad(gy, indices, geometry, out);
  }

  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.maxPool2dGather(x, indices, geometry, out);
    this.#pooling.maxPool2dGather(x, indices, geometry, out);
  }

  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.averagePool2d(x, geometry, out);
    this.#pooling.averagePool2d(x, geometry, out);
  }

  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    CHECKS.averagePool2dGrad(gy, geometry, out);
    this.#pooling.averagePool2dGrad(gy, geometry, out);
  }

  random(kind: RandomKind, seed: number, stream: number, out: Tensor): void {
    CHECKS.random(kind, seed, stream, out);
    random(this.machine, kind, seed, stream, out);
  }

  update(
    rule: UpdateRuleName,
    param: Tensor,
    grad: Tensor,
    states: readonly Tensor[],
    hyperparameters: readonly number[],
  ): void {
    CHECKS.update(rule, param, grad, states);
    update(this.machine, rule, param, grad, states, hyperparameters);
  }
}

/**
 * The wasm backend, with a memory of its own.
 *
 * @param variant the build of the kernels; default: the best that runs here.
 * @throws DeviceError if the engine has no WebAssembly SIMD, or may not compile; if an option names no algorithm.
 */
export function createWasmBackend(variant: Variant = bestVariant(), options: WasmBackendOptions = {}): Backend {
  checkAlgorithm(options.convolution);
  return new WasmBackend(new Machine(variant), options);
}
