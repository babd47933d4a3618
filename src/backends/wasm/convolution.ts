/**
 * Arguments of the convolution kernels: how much is worked on at once, and so how much room packing needs. Each call goes
 * to the algorithm that is chosen for its shape; a filter that covers its whole image becomes a matrix product here.
 */
import type { Conv2dGeometry, Epilogue, Pool2dGeometry, Tensor } from '../backend.js';
import {
  CONVOLUTION_ALGORITHMS,
  type ConvolutionAlgorithm,
  type ConvolutionShape,
  chooseAlgorithm,
  coversImage,
  isDepthwise,
  shapeOf,
} from './algorithms.js';
import { fillElements } from './dtypes.js';
import type { Blocking, Machine } from './machine.js';
import { addressOf, WasmMemory } from './memory.js';
import { ACTIVATION_CODES, gemm, roundUp, WORK_BYTES } from './products.js';
import { TILE_SIZES, turned, winograd, winogradGradInput } from './winograd.js';

/** The algorithms of the adjoint in x, beside the product. */
const GRAD_INPUT_ALGORITHMS = ['im2col', 'winograd2', 'winograd4', 'winograd6'] as const;

/** Output pixels that are worked on at once. */
const PIXELS = 512;

/** What is worked on at once: some whole images, or some rows of one. */
interface Piece {
  readonly images: number;
  readonly rows: number;
  readonly pixels: number;
}

function pieceOf(batch: number, outHeight: number, outWidth: number): Piece {
  const plane = outHeight * outWidth;
  const images = Math.max(1, Math.min(batch, Math.floor(PIXELS / plane)));
  const rows = images > 1 ? outHeight : Math.max(1, Math.min(outHeight, Math.floor(PIXELS / outWidth)));
  return { images, rows, pixels: images * rows * outWidth };
}

/** For kernels that divide their work by themselves. */
const WHOLE: Piece = { images: 1, rows: 1, pixels: 0 };

/** Bytes of the rooms of a call, in the order of the record. */
interface Rooms {
  readonly packedA: number;
  readonly packedB: number;
  readonly row: number;
  readonly results: number;
  readonly biases: number;
}

/** Bytes of packed panels of columns: a cache line more for each than its elements take. */
const panels = ({ tileColumns }: Blocking, pixels: number, k: number): number =>
  Math.ceil(pixels / tileColumns) * (k * tileColumns * 4 + 64);

/** Convolution and its gradients on a machine. */
export class Convolutions {
  readonly #machine: Machine;
  readonly #forced: ConvolutionAlgorithm | undefined;

  /** @param forced computes what it can compute, in place of what would be chosen. */
  constructor(machine: Machine, forced?: ConvolutionAlgorithm) {
    this.#machine = machine;
    this.#forced = forced;
  }

  forward(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue = {},
  ): void {
    if (out.memory.size === 0) return;
    const { kernels, blocking } = this.#machine;
    const algorithm =
      out.dtype === 'float32'
        ? chooseAlgorithm(shapeOf(x, w, geometry, out), blocking, this.#forced, CONVOLUTION_ALGORITHMS)
        : 'im2col';
    if (algorithm === 'product') {
      this.#product(
        x,
        w,
        out,
        { m: x.shape[0], n: w.shape[0], k: w.memory.size / w.shape[0] },
        [false, true],
        bias,
        epilogue,
      );
      return;
    }
    if (algorithm === 'depthwise') {
      this.#run(kernels.convDepthwise, x, w, out, geometry, WHOLE, depthwiseRooms(x, w, out, geometry), bias, epilogue);
      return;
    }
    if (algorithm !== 'im2col') {
      winograd(this.#machine, TILE_SIZES[algorithm], x, w, bias, geometry, out, epilogue);
      return;
    }
    const q = w.memory.size / w.shape[0];
    const m = w.shape[0] / geometry.groups;
    const piece = pieceOf(out.shape[0], out.shape[2], out.shape[3]);
    const rooms = {
      packedA: roundUp(m, blocking.tileRows) * q * 4,
      packedB: panels(blocking, piece.pixels, Math.min(q, blocking.depth)),
      row: piece.pixels * 4,
      results: piece.images > 1 ? m * piece.pixels * 4 : 0,
      biases: bias ? m * blocking.tileColumns * 4 : 0,
    };
    const kernel = out.dtype === 'float64' ? kernels.convForwardF64 : kernels.convForward;
    this.#run(kernel, x, w, out, geometry, piece, rooms, bias, epilogue);
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
      if (coversImage(direct)) {
        this.#product(gy, w, out, { m: out.shape[0], n: q, k: w.shape[0] }, [false, false]);
        return;
      }
      if (this.#isDepthwise(direct)) {
        this.#run(kernels.convDepthwiseGradInput, out, w, gy, geometry, WHOLE, depthwiseRooms(out, w, gy, geometry));
        return;
      }
      const shape = shapeOf(gy, w, turned(geometry), out);
      const algorithm = chooseAlgorithm(shape, blocking, this.#forced, GRAD_INPUT_ALGORITHMS);
      if (algorithm !== 'im2col') {
        winogradGradInput(this.#machine, TILE_SIZES[algorithm], gy, w, geometry, out);
        return;
      }
    }
    const k = w.shape[0] / geometry.groups;
    const piece = pieceOf(gy.shape[0], gy.shape[2], gy.shape[3]);
    const rooms = {
      packedA: roundUp(q, blocking.tileRows) * k * 4,
      packedB: Math.ceil(k / blocking.depth) * panels(blocking, piece.pixels, Math.min(k, blocking.depth)),
      row: piece.pixels * 4,
      results: Math.min(roundUp(q, blocking.tileRows), blocking.rows) * piece.pixels * 4,
      biases: 0,
    };
    const kernel = out.dtype === 'float64' ? kernels.convGradInputF64 : kernels.convGradInput;
    this.#run(kernel, out, w, gy, geometry, piece, rooms);
  }

  gradWeight(x: Tensor, gy: Tensor, geometry: Conv2dGeometry, out: Tensor): void {
    if (out.memory.size === 0) return;
    const { kernels, heap, blocking } = this.#machine;
    if (gy.memory.size === 0 || x.memory.size === 0) {
      fillElements(heap, out, 0);
      return;
    }
    const q = out.memory.size / out.shape[0];
    if (out.dtype === 'float32' && coversImage(shapeOf(x, out, geometry, gy))) {
      this.#product(gy, x, out, { m: out.shape[0], n: q, k: x.shape[0] }, [true, false]);
      return;
    }
    if (out.dtype === 'float32' && this.#isDepthwise(shapeOf(x, out, geometry, gy))) {
      this.#run(kernels.convDepthwiseGradWeight, x, out, gy, geometry, WHOLE, depthwiseRooms(x, out, gy, geometry));
      return;
    }
    const m = out.shape[0] / geometry.groups;
    const piece = pieceOf(gy.shape[0], gy.shape[2], gy.shape[3]);
    const rooms = {
      packedA: roundUp(m, blocking.tileRows) * piece.pixels * 4,
      packedB: roundUp(Math.min(q, blocking.columns), blocking.tileColumns) * piece.pixels * 4,
      row: blocking.tileColumns * (piece.pixels * 4 + 64),
      results: 0,
      biases: 0,
    };
    const kernel = out.dtype === 'float64' ? kernels.convGradWeightF64 : kernels.convGradWeight;
    this.#run(kernel, x, out, gy, geometry, piece, rooms);
  }

  /** The averages of windows: a convolution of each plane by itself, whose filter is constant. */
  averages(x: Tensor, { ksize, stride, pad }: Pool2dGeometry, out: Tensor): void {
    this.#withUniformFilter(ksize, (w) => {
      const geometry = { stride, pad, dilation: [1, 1] as const, groups: 1 };
      const [from, to] = [planesOf(x), planesOf(out)];
      this.#run(
        this.#machine.kernels.convDepthwise,
        from,
        w,
        to,
        geometry,
        WHOLE,
        depthwiseRooms(from, w, to, geometry),
      );
    });
  }

  /** The adjoint of {@link averages}. */
  averagesGrad(gy: Tensor, { ksize, stride, pad }: Pool2dGeometry, out: Tensor): void {
    this.#withUniformFilter(ksize, (w) => {
      const geometry = { stride, pad, dilation: [1, 1] as const, groups: 1 };
      const [to, from] = [planesOf(out), planesOf(gy)];
      const rooms = depthwiseRooms(to, w, from, geometry);
      this.#run(this.#machine.kernels.convDepthwiseGradInput, to, w, from, geometry, WHOLE, rooms);
    });
  }

  #withUniformFilter([height, width]: Pool2dGeometry['ksize'], use: (w: Tensor) => void): void {
    const { heap } = this.#machine;
    const size = height * width;
    const memory = new WasmMemory('float32', size, heap.alloc(size * 4));
    const w: Tensor = { shape: [1, 1, height, width], dtype: 'float32', memory };
    fillElements(heap, w, 1 / size);
    use(w);
    heap.free(memory.address);
  }

  /** Whether a gradient is computed directly, channel by channel. */
  #isDepthwise(shape: ConvolutionShape): boolean {
    return isDepthwise(shape) && (this.#forced ?? 'depthwise') === 'depthwise';
  }

  /** One matrix product in place of a convolution whose output is one pixel an image. */
  #product(
    a: Tensor,
    b: Tensor,
    out: Tensor,
    size: { m: number; n: number; k: number },
    [transA, transB]: readonly [boolean, boolean],
    bias: Tensor | null = null,
    { activation = 'none', residual = null }: Epilogue = {},
  ): void {
    gemm(this.#machine, {
      ...size,
      batch: 1,
      a: addressOf(a),
      b: addressOf(b),
      c: addressOf(out),
      aBatch: 0,
      bBatch: 0,
      cBatch: 0,
      transA,
      transB,
      bias: bias ? addressOf(bias) : 0,
      activation,
      residual: residual ? addressOf(residual) : 0,
    });
  }

  /** Writes the record `Convolution` of assembly/conv/convolution.ts, with rooms from the heap, and calls a kernel. */
  #run(
    kernel: (args: number) => void,
    x: Tensor,
    w: Tensor,
    y: Tensor,
    { stride, pad, dilation, groups }: Conv2dGeometry,
    { images, rows }: Piece,
    rooms: Rooms,
    bias: Tensor | null = null,
    { activation = 'none', residual = null }: Epilogue = {},
  ): void {
    const { heap, arguments: address } = this.#machine;
    // Vectors may be written up to a line beyond each room.
    const sizes = [rooms.packedA, rooms.packedB, rooms.row, rooms.results, rooms.biases].map(
      (n) => roundUp(n, 64) + 64,
    );
    const workspace = heap.alloc(sizes.reduce((sum, size) => sum + size, WORK_BYTES));
    const words = heap.i32;
    let at = address >> 2;
    words[at++] = x.shape[0];
    words[at++] = groups;
    words[at++] = w.shape[1];
    words[at++] = x.shape[2];
    words[at++] = x.shape[3];
    words[at++] = w.shape[0] / groups;
    words[at++] = y.shape[2];
    words[at++] = y.shape[3];
    words[at++] = w.shape[2];
    words[at++] = w.shape[3];
    words[at++] = stride[0];
    words[at++] = stride[1];
    words[at++] = dilation[0];
    words[at++] = dilation[1];
    words[at++] = pad[0];
    words[at++] = pad[1];
    words[at++] = addressOf(x);
    words[at++] = addressOf(w);
    words[at++] = addressOf(y);
    words[at++] = bias ? addressOf(bias) : 0;
    words[at++] = ACTIVATION_CODES[activation];
    words[at++] = residual ? addressOf(residual) : 0;
    words[at++] = images;
    words[at++] = rows;
    let room = workspace;
    for (const size of sizes) {
      words[at++] = room;
      room += size;
    }
    words[at++] = room;
    kernel(address);
    heap.free(workspace);
  }
}

/** Every plane as an image of one channel. */
const planesOf = (x: Tensor): Tensor => ({ ...x, shape: [x.shape[0] * x.shape[1], 1, x.shape[2], x.shape[3]] });

/**
 * Room for a depthwise convolution or one of its gradients: frames, taps, and the planes of one row of remainders. Blocks at
 * the edges read up to seven rows of a frame beyond its end.
 */
function depthwiseRooms(x: Tensor, w: Tensor, y: Tensor, { stride, pad, dilation, groups }: Conv2dGeometry): Rooms {
  const extents = (axis: 0 | 1) => {
    const reach = (w.shape[2 + axis] - 1) * dilation[axis];
    const remainder = Math.ceil(x.shape[2 + axis] / stride[axis]);
    return {
      remainder,
      ofX: (y.shape[2 + axis] + Math.ceil(reach / stride[axis])) * stride[axis],
      ofY: remainder + Math.ceil((reach + pad[axis]) / stride[axis]) + 2,
    };
  };
  const [height, width] = [extents(0), extents(1)];
  const outputs = w.shape[0] / groups;
  const frame = Math.max((height.ofX + 8 * stride[0]) * width.ofX, (height.ofY * outputs + 8) * width.ofY);
  return {
    packedA: outputs * w.shape[2] * w.shape[3] * 8,
    packedB: 0,
    row: frame * 4 + 256,
    results: height.remainder * width.remainder * stride[1] * 4,
    biases: 0,
  };
}
