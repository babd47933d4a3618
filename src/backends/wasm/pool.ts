/** Pooling and its adjoints, by the kernels of assembly/pool/, which share one record of the windows. */
import { CHECKS } from '../operand-checks.js';
import type { Pool2dGeometry, Primitives, Tensor } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { run } from './calls/call.js';
import { averagePooling, averagePoolingGrad } from './calls/depthwise.js';
import { DTYPE_CODES } from './generated/codes.js';
import { Windows } from './generated/records.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';

type Pooling = 'maxPool2d' | 'maxPool2dGrad' | 'maxPool2dGather' | 'averagePool2d' | 'averagePool2dGrad';

export const pool = (machine: Machine): Pick<Primitives, Pooling> => ({
  maxPool2d(x, geometry, out, indices) {
    CHECKS.maxPool2d(x, geometry, out, indices);
    if (x.dtype !== 'float32' && x.dtype !== 'float64') {
      maxPoolIntegers(machine, x, geometry, out, indices);
      return;
    }
    const { kernels } = machine;
    const kernel = x.dtype === 'float64' ? kernels.maxPoolF64 : kernels.maxPoolF32;
    kernel(addressOf(x), addressOf(out), addressOf(indices), writeWindows(machine, x, geometry, out));
  },

  maxPool2dGrad(gy, indices, geometry, out) {
    CHECKS.maxPool2dGrad(gy, indices, geometry, out);
    const { kernels } = machine;
    const kernel = gy.dtype === 'float64' ? kernels.maxPoolGradF64 : kernels.maxPoolGradF32;
    kernel(addressOf(gy), addressOf(indices), addressOf(out), writeWindows(machine, out, geometry, gy));
  },

  maxPool2dGather(x, indices, geometry, out) {
    CHECKS.maxPool2dGather(x, indices, geometry, out);
    const { kernels } = machine;
    const kernel = x.dtype === 'float64' ? kernels.maxPoolGatherF64 : kernels.maxPoolGatherF32;
    kernel(addressOf(x), addressOf(indices), addressOf(out), writeWindows(machine, x, geometry, out));
  },

  averagePool2d(x, geometry, out) {
    CHECKS.averagePool2d(x, geometry, out);
    if (isByTaps(geometry, out) && !areSquaresOfTwo(geometry)) {
      run(machine, averagePooling, { x, y: out, geometry });
      return;
    }
    const { kernels } = machine;
    const kernel = x.dtype === 'float64' ? kernels.averagePoolF64 : kernels.averagePoolF32;
    kernel(addressOf(x), addressOf(out), writeWindows(machine, x, geometry, out));
  },

  averagePool2dGrad(gy, geometry, out) {
    CHECKS.averagePool2dGrad(gy, geometry, out);
    if (isByTaps(geometry, gy)) {
      run(machine, averagePoolingGrad, { x: out, y: gy, geometry });
      return;
    }
    const { kernels } = machine;
    const kernel = gy.dtype === 'float64' ? kernels.averagePoolGradF64 : kernels.averagePoolGradF32;
    kernel(addressOf(gy), addressOf(out), writeWindows(machine, out, geometry, gy));
  },
});

/** Pools integers as float64, which holds every int32: integers are too rare for kernels of their own. */
function maxPoolIntegers(machine: Machine, x: Tensor, geometry: Pool2dGeometry, out: Tensor, indices: Tensor): void {
  const { heap, kernels } = machine;
  const { size } = x.memory;
  const count = out.memory.size;
  const wide = heap.alloc((size + count) * ITEM_SIZES.float64);
  const maxima = wide + size * ITEM_SIZES.float64;
  kernels.castTo(DTYPE_CODES[x.dtype], DTYPE_CODES.float64, addressOf(x), wide, size);
  kernels.maxPoolF64(wide, maxima, addressOf(indices), writeWindows(machine, x, geometry, out));
  kernels.castTo(DTYPE_CODES.float64, DTYPE_CODES[x.dtype], maxima, addressOf(out), count);
  heap.free(wide);
}

/** Writes the record of the windows, and returns its address. */
function writeWindows(
  { heap, arguments: record }: Machine,
  image: Tensor,
  { ksize, stride, pad }: Pool2dGeometry,
  pooled: Tensor,
): number {
  const words = heap.i32;
  const at = record >> 2;
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
  return record;
}

/** Whether planes of averages are large enough that summing them tap by tap pays: see assembly/conv/taps.ts. */
const isByTaps = ({ ksize }: Pool2dGeometry, { dtype, shape, memory }: Tensor): boolean =>
  dtype === 'float32' && memory.size > 0 && ksize[0] * ksize[1] <= 64 && shape[2] * shape[3] >= 32;

/** Whether windows are 2 × 2, side by side and unpadded: these have a vector kernel. */
const areSquaresOfTwo = ({ ksize, stride, pad }: Pool2dGeometry): boolean =>
  ksize[0] === 2 && ksize[1] === 2 && stride[0] === 2 && stride[1] === 2 && pad[0] === 0 && pad[1] === 0;
