/** Strided copies, their adjoint, and slices by index, by the kernels of assembly/copy/. */
import { CHECKS } from '../operand-checks.js';
import type { DType, Primitives } from '../primitives.js';
import { around, ITEM_SIZES } from '../shapes.js';
import { DTYPE_CODES } from './generated/codes.js';
import type { Kernels } from './loader.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';

/** The kernel that copies elements of each dtype. */
const COPY_STRIDED = {
  float32: 'copyStrided32',
  float64: 'copyStrided64',
  int32: 'copyStrided32',
  uint8: 'copyStrided8',
  bool: 'copyStrided8',
} as const satisfies Record<DType, keyof Kernels>;

const nest = new LoopNest();

export const copy = (machine: Machine): Pick<Primitives, 'copy' | 'addToView' | 'gather' | 'scatterAdd'> => ({
  copy(x, from, out, to, shape) {
    CHECKS.copy(x, from, out);
    if (shape.includes(0)) return;
    const { kernels, heap, odometers } = machine;
    const item = ITEM_SIZES[x.dtype];
    const reading = addressOf(x) + from.offset * item;
    const writing = addressOf(out) + to.offset * item;
    nest.reset();
    for (let axis = shape.length - 1; axis >= 0; axis--) nest.around(shape[axis], from.strides[axis], to.strides[axis]);
    nest.sort(1);

    const stepFrom = nest.stride(0, 0);
    const stepTo = nest.stride(0, 1);
    if (nest.rank === 0 || (stepFrom === 1 && stepTo === 1)) {
      nest.write(heap, odometers[0], [item, item]);
      kernels.copyRows(reading, writing, nest.inner * item, odometers[0]);
      return;
    }
    const readRow = item === 4 && stepTo === 1 ? nest.find(0, 1) : -1;
    if (readRow > 0) {
      // x is dense along `readRow` and out along the innermost axis: these two axes are a matrix to transpose.
      nest.move(readRow, 1);
      nest.write(heap, odometers[0], [item, item], 2);
      const columns = nest.sizes[1];
      kernels.transpose32(
        reading,
        stepFrom * item,
        writing,
        nest.stride(1, 1) * item,
        nest.inner,
        columns,
        odometers[0],
      );
      return;
    }
    nest.write(heap, odometers[0], [item, item]);
    kernels[COPY_STRIDED[x.dtype]](reading, writing, stepFrom * item, stepTo * item, odometers[0]);
  },

  addToView(x, out, to) {
    CHECKS.addToView(x, out);
    if (x.memory.size === 0) return;
    const { kernels, heap, odometers } = machine;
    const item = ITEM_SIZES[x.dtype];
    nest.reset();
    let stride = 1;
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      nest.around(x.shape[axis], stride, to.strides[axis]);
      stride *= x.shape[axis];
    }
    nest.write(heap, odometers[0], [item, item]);
    const writing = addressOf(out) + to.offset * item;
    kernels.addToView(DTYPE_CODES[x.dtype], addressOf(x), writing, nest.stride(0, 1) * item, odometers[0]);
  },

  gather(x, indices, axis, out) {
    CHECKS.gather(x, indices, axis, out);
    const { outer, n, inner } = around(x.shape, axis);
    const slice = inner * ITEM_SIZES[x.dtype];
    const { size } = indices.memory;
    machine.kernels.gather(addressOf(x), addressOf(indices), addressOf(out), outer, n, size, slice);
  },

  scatterAdd(x, indices, axis, out) {
    CHECKS.scatterAdd(x, indices, axis, out);
    const { outer, n, inner } = around(out.shape, axis);
    const code = DTYPE_CODES[x.dtype];
    const { size } = indices.memory;
    machine.kernels.scatterAdd(code, addressOf(x), addressOf(indices), addressOf(out), outer, n, size, inner);
  },
});
