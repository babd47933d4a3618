/**
 * Convolution, its gradients and average pooling: each call goes to the algorithm that is chosen for its shape; a filter
 * that covers its whole image becomes a matrix product here. How a kernel is called is not known here.
 */

import type { PreparedCall, WeightFormat } from '../backend.js';
import type { Conv2dGeometry, Epilogue, Pool2dGeometry, Tensor } from '../primitives.js';
import {
  CONVOLUTION_ALGORITHMS,
  type ConvolutionAlgorithm,
  type ConvolutionShape,
  chooseAlgorithm,
  coversImage,
  GRAD_WEIGHT_COSTS,
  isDepthwise,
  shapeOf,
} from './algorithms.js';
import { DIRECTIONS, methodOf, prepareConvolution, runConvolution } from './convolution-calls.js';
import { depthwiseRooms, NO_ROOM, panelsBytes, pieceOf, WHOLE } from './convolution-record.js';
import type { Machine } from './machine.js';
import { fillElements, WasmMemory } from './memory.js';
import { NOTHING_TO_DO } from './prepared.js';
import { gemm, type Product, prepareGemm, roundUp } from './products.js';
import { prepareWinograd, TILE_SIZES, turned, winograd, winogradGradWeight } from './winograd.js';

/** The algorithms of the adjoint in x, beside the product. */
const GRAD_INPUT_ALGORITHMS = ['im2col', 'winograd2', 'winograd4', 'winograd6'] as const;

/** The algorithms whose filters are kept in any format. */
const ALGORITHMS_OF_SMALL_WEIGHTS = ['im2col', 'product', 'depthwise'] as const;

/** The algorithms of the gradient in w, where no sum is direct. */
const GRAD_WEIGHT_ALGORITHMS = ['im2col', 'winograd4', 'winograd6'] as const;

/** The kernels that sum taps. */
type DepthwiseKernel = 'convDepthwise' | 'convDepthwiseGradInput' | 'convDepthwiseGradWeight';

/** Convolution and its gradients on a machine. */
export class Convolutions {
  readonly #machine: Machine;
  readonly #forced: ConvolutionAlgorithm | undefined;
  readonly #winograd: boolean;

  /**
   * @param forced computes what it can compute, in place of what would be chosen.
   * @param winograd whether Winograd's algorithms may be chosen.
   */
  constructor(machine: Machine, forced?: ConvolutionAlgorithm, winograd = true) {
    this.#machine = machine;
    this.#forced = forced;
    this.#winograd = winograd;
  }

  forward(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    { activation = 'none', residual = null }: Epilogue = {},
  ): void {
    if (out.memory.size === 0) return;
    const shape = shapeOf(x, w, geometry, out);
    const algorithm = this.#choose(shape, out, CONVOLUTION_ALGORITHMS);
    if (algorithm === 'product') {
      gemm(this.#machine, productOf(x, w, bias, out, { activation, residual }));
      return;
    }
    if (algorithm !== 'im2col' && algorithm !== 'depthwise') {
      winograd(this.#machine, { m: TILE_SIZES[algorithm], x, w, y: out, geometry }, bias, { activation, residual });
      return;
    }
    const method = methodOf(this.#machine, algorithm, x, w, bias, geometry, out);
    runConvolution(this.#machine, method.kernel, { x, w, y: out, geometry, bias, activation, residual, ...method });
  }

  /** {@link forward} for filters and biases that do not change, which are packed and copied. */
  prepare(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    { activation = 'none', residual = null }: Epilogue,
    format: WeightFormat,
  ): PreparedCall {
    if (out.memory.size === 0) return NOTHING_TO_DO;
    const shape = shapeOf(x, w, geometry, out, true);
    const among = format === 'float32' ? CONVOLUTION_ALGORITHMS : ALGORITHMS_OF_SMALL_WEIGHTS;
    const algorithm = this.#choose(shape, out, among);
    if (algorithm === 'product') {
      return prepareGemm(this.#machine, productOf(x, w, bias, out, { activation, residual }), format);
    }
    if (algorithm !== 'im2col' && algorithm !== 'depthwise') {
      const problem = { m: TILE_SIZES[algorithm], x, w, y: out, geometry };
      return prepareWinograd(this.#machine, problem, bias, { activation, residual });
    }
    const method = methodOf(this.#machine, algorithm, x, w, bias, geometry, out);
    return prepareConvolution(
      this.#machine,
      method,
      { x, w, y: out, geometry, bias, activation, residual, ...method },
      format,
    );
  }

  gradInput(gy: Tensor, w: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    if (out.memory.size === 0) return;
    const { kernels, heap, blocking } = this.#machine;
    if (gy.memory.size === 0 || w.memory.size === 0) {
      fillElements(heap, out, 0);
      return;
    }
    const q = w.memory.size / w.shape[0];
    if (out.dtype === 'float32') {
      const direct = shapeOf(out, w, geometry, gy);
      if (this.#isProduct(direct)) {
        gemm(this.#machine, matrices(gy, w, out, { m: out.shape[0], n: q, k: w.shape[0] }, [false, false]));
        return;
      }
      if (this.#isDepthwise(direct)) {
        this.#depthwise('convDepthwiseGradInput', out, w, gy, geometry);
        return;
      }
      const adjoint = turned(geometry);
      const shape = shapeOf(gy, w, adjoint, out);
      const algorithm = this.#cheapest(shape, GRAD_INPUT_ALGORITHMS);
      if (algorithm !== 'im2col') {
        const problem = { m: TILE_SIZES[algorithm], x: gy, w, y: out, geometry: adjoint, turned: true };
        winograd(this.#machine, problem, null, {});
        return;
      }
    }
    const k = w.shape[0] / geometry.groups;
    const piece = pieceOf(gy.shape);
    const rooms = {
      ...NO_ROOM,
      packedA: roundUp(q, blocking.tileRows) * k * 4,
      packedB: Math.ceil(k / blocking.depth) * panelsBytes(blocking, piece.pixels, Math.min(k, blocking.depth)),
      row: piece.pixels * 4,
      results: Math.min(roundUp(q, blocking.tileRows), blocking.rows) * piece.pixels * 4,
    };
    const kernel = this.#kernelOf(out, 'gradInput', kernels.convGradInput);
    runConvolution(this.#machine, kernel, { ...NO_EPILOGUE, x: out, w, y: gy, geometry, piece, rooms });
  }

  gradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    if (out.memory.size === 0) return;
    const { kernels, heap, blocking } = this.#machine;
    if (gy.memory.size === 0 || x.memory.size === 0) {
      fillElements(heap, out, 0);
      return;
    }
    const q = out.memory.size / out.shape[0];
    if (out.dtype === 'float32') {
      const shape = shapeOf(x, out, geometry, gy);
      if (this.#isProduct(shape)) {
        gemm(this.#machine, matrices(gy, x, out, { m: out.shape[0], n: q, k: x.shape[0] }, [true, false]));
        return;
      }
      if (this.#isDepthwise(shape)) {
        this.#depthwise('convDepthwiseGradWeight', x, out, gy, geometry);
        return;
      }
      const algorithm = this.#cheapest(shape, GRAD_WEIGHT_ALGORITHMS, GRAD_WEIGHT_COSTS);
      if (algorithm !== 'im2col') {
        winogradGradWeight(this.#machine, { m: TILE_SIZES[algorithm], x, w: out, y: gy, geometry });
        return;
      }
    }
    const m = out.shape[0] / geometry.groups;
    const piece = pieceOf(gy.shape);
    const rooms = {
      ...NO_ROOM,
      packedA: roundUp(m, blocking.tileRows) * piece.pixels * 4,
      packedB: roundUp(Math.min(q, blocking.columns), blocking.tileColumns) * piece.pixels * 4,
      row: blocking.tileColumns * (piece.pixels * 4 + 64),
    };
    const kernel = this.#kernelOf(out, 'gradWeight', kernels.convGradWeight);
    runConvolution(this.#machine, kernel, { ...NO_EPILOGUE, x, w: out, y: gy, geometry, piece, rooms });
  }

  /** The averages of windows: a convolution of each plane by itself, whose filter is constant. */
  averages(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#average('convDepthwise', x, geometry, out);
  }

  /** The adjoint of {@link averages}. */
  averagesGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    this.#average('convDepthwiseGradInput', out, geometry, gy);
  }

  #average(kernel: DepthwiseKernel, x: Tensor, { ksize, stride, pad }: Pool2dGeometry, y: Tensor): void {
    const { heap } = this.#machine;
    const size = ksize[0] * ksize[1];
    const memory = new WasmMemory('float32', size, heap.alloc(size * 4));
    const w: Tensor = { shape: [1, 1, ...ksize], dtype: 'float32', memory };
    fillElements(heap, w, 1 / size);
    try {
      this.#depthwise(kernel, planesOf(x), w, planesOf(y), { stride, pad, dilation: [1, 1], groups: 1 });
    } finally {
      heap.free(memory.address);
    }
  }

  /** A convolution of single channels, or one of its gradients: x, w and y are what the kernels call so. */
  #depthwise(kernel: DepthwiseKernel, x: Tensor, w: Tensor, y: Tensor, geometry: Conv2dGeometry): void {
    const rooms = depthwiseRooms(x, w, y, geometry);
    const call = { ...NO_EPILOGUE, x, w, y, geometry, piece: WHOLE, rooms };
    runConvolution(this.#machine, this.#machine.kernels[kernel], call);
  }

  /** The kernel of a gradient: that of its dtype. */
  #kernelOf(out: Tensor, direction: keyof typeof DIRECTIONS, float32: (record: number) => void) {
    const { convF64 } = this.#machine.kernels;
    return out.dtype === 'float64' ? (record: number) => convF64(record, DIRECTIONS[direction]) : float32;
  }

  /** Whether a gradient is one product of matrices. */
  #isProduct(shape: ConvolutionShape): boolean {
    return coversImage(shape) && (this.#forced ?? 'product') === 'product';
  }

  /** Whether a gradient is computed directly, channel by channel. */
  #isDepthwise(shape: ConvolutionShape): boolean {
    return isDepthwise(shape) && (this.#forced ?? 'depthwise') === 'depthwise';
  }

  /** The algorithm for a call; only float32 has a choice. */
  #choose<A extends ConvolutionAlgorithm>(shape: ConvolutionShape, out: Tensor, among: readonly ['im2col', ...A[]]) {
    return out.dtype === 'float32' ? this.#cheapest(shape, among) : 'im2col';
  }

  #cheapest<A extends ConvolutionAlgorithm>(
    shape: ConvolutionShape,
    among: readonly A[],
    costs?: typeof GRAD_WEIGHT_COSTS,
  ) {
    const allowed = this.#winograd ? among : among.filter((name) => !name.startsWith('winograd'));
    return chooseAlgorithm(shape, this.#machine.blocking, this.#forced, allowed, costs);
  }
}

const NO_EPILOGUE = { bias: null, activation: 'none', residual: null } as const;

/** One product of matrices that are images, filters or their results, flattened. */
function matrices(
  a: Tensor,
  b: Tensor,
  c: Tensor,
  size: { m: number; n: number; k: number },
  [transA, transB]: readonly [boolean, boolean],
  epilogue: Pick<Product, 'bias' | 'activation' | 'residual'> = NO_EPILOGUE,
): Product {
  return { ...size, batch: 1, a, b, c, aBatch: 0, bBatch: 0, cBatch: 0, transA, transB, ...epilogue };
}

/** A convolution whose output is one pixel an image. */
const productOf = (
  x: Tensor,
  w: Tensor,
  bias: Tensor | null,
  out: Tensor,
  epilogue: Pick<Product, 'activation' | 'residual'>,
): Product => {
  const size = { m: x.shape[0], n: w.shape[0], k: w.memory.size / w.shape[0] };
  return matrices(x, w, out, size, [false, true], { bias, ...epilogue });
};

/** Every plane as an image of one channel. */
const planesOf = ({ shape: [n, c, height, width], dtype, memory }: Tensor): Tensor => {
  // Named, not spread: an array's memory is a getter, which a spread leaves out.
  return { shape: [n * c, 1, height, width], dtype, memory };
};
