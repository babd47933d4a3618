/** Arguments of the pooling kernels: one record of the geometry, the same for all of them. */
import type { Pool2dGeometry, Tensor } from '../primitives.js';
import type { Convolutions } from './convolution.js';
import { ITEM_SIZES } from './dtypes.js';
import { DTYPE_CODES } from './generated/codes.js';
import { Windows } from './generated/records.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';

/** Pooling and its adjoints on a machine. */
export class Pooling {
  readonly #machine: Machine;
  readonly #convolutions: Convolutions;

  constructor(machine: Machine, convolutions: Convolutions) {
    this.#machine = machine;
    this.#convolutions = convolutions;
  }

  maxPool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
    const { kernels } = this.#machine;
    if (x.dtype !== 'float32' && x.dtype !== 'float64') {
      this.#maxPoolIntegers(x, geometry, out, indices);
      return;
    }
    const kernel = x.dtype === 'float64' ? kernels.maxPoolF64 : kernels.maxPoolF32;
    kernel(addressOf(x), addressOf(out), addressOf(indices), this.#windows(x, geometry, out));
  }

  /** As float64, which holds every integer: too rare for kernels of their own. */
  #maxPoolIntegers(x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
    const { heap, kernels } = this.#machine;
    const { size } = x.memory;
    const count = out.memory.size;
    const wide = heap.alloc((size + count) * ITEM_SIZES.float64);
    const maxima = wide + size * ITEM_SIZES.float64;
    kernels.castTo(DTYPE_CODES[x.dtype], DTYPE_CODES.float64, addressOf(x), wide, size);
    kernels.maxPoolF64(wide, maxima, addressOf(indices), this.#windows(x, geometry, out));
    kernels.castTo(DTYPE_CODES.float64, DTYPE_CODES[x.dtype], maxima, addressOf(out), count);
    heap.free(wide);
  }

  maxPool2dGrad(gy: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    const { kernels } = this.#machine;
    const kernel = gy.dtype === 'float64' ? kernels.maxPoolGradF64 : kernels.maxPoolGradF32;
    kernel(addressOf(gy), addressOf(indices), addressOf(out), this.#windows(out, geometry, gy));
  }

  maxPool2dGather(x: Tensor, indices: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    const { kernels } = this.#machine;
    const kernel = x.dtype === 'float64' ? kernels.maxPoolGatherF64 : kernels.maxPoolGatherF32;
    kernel(addressOf(x), addressOf(indices), addressOf(out), this.#windows(x, geometry, out));
  }

  averagePool2d(x: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    if (isByTaps(geometry, out) && !areSquaresOfTwo(geometry)) {
      this.#convolutions.averages(x, geometry, out);
      return;
    }
    const { kernels } = this.#machine;
    const kernel = x.dtype === 'float64' ? kernels.averagePoolF64 : kernels.averagePoolF32;
    kernel(addressOf(x), addressOf(out), this.#windows(x, geometry, out));
  }

  averagePool2dGrad(gy: Tensor, geometry: Pool2dGeometry, out: Tensor): void {
    if (isByTaps(geometry, gy)) {
      this.#convolutions.averagesGrad(gy, geometry, out);
      return;
    }
    const { kernels } = this.#machine;
    const kernel = gy.dtype === 'float64' ? kernels.averagePoolGradF64 : kernels.averagePoolGradF32;
    kernel(addressOf(gy), addressOf(out), this.#windows(out, geometry, gy));
  }

  /** Writes the record `Windows` of assembly/pool/windows.ts. */
  #windows(image: Tensor, { ksize, stride, pad }: Pool2dGeometry, pooled: Tensor): number {
    const { heap, arguments: address } = this.#machine;
    const words = heap.i32;
    const at = address >> 2;
    words[at + Windows.planes] = image.shape[0] * image.shape[1];
    words[at + Windows.height] = image.shape[2];
    words[at + Windows.width] = image.shape[3];
    words[at + Windows.outHeight] = pooled.shape[2];
    words[at + Windows.outWidth] = pooled.shape[3];
    words[at + Windows.kernelHeight] = ksize[0];
    words[at + Windows.kernelWidth] = ksize[1];
    words[at + Windows.strideY] = stride[0];
    words[at + Windows.strideX] = stride[1];
    words[at + Windows.padTop] = pad[0];
    words[at + Windows.padLeft] = pad[1];
    return address;
  }
}

/** Whether planes of averages are large enough to be summed tap by tap, many at once. */
const isByTaps = ({ ksize }: Pool2dGeometry, { dtype, shape, memory }: Tensor): boolean =>
  dtype === 'float32' && memory.size > 0 && ksize[0] * ksize[1] <= 64 && shape[2] * shape[3] >= 32;

/** The windows that have a kernel of their own. */
const areSquaresOfTwo = ({ ksize, stride, pad }: Pool2dGeometry): boolean =>
  ksize[0] === 2 && ksize[1] === 2 && stride[0] === 2 && stride[1] === 2 && pad[0] === 0 && pad[1] === 0;
