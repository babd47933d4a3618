/** Reductions, and what looks along one axis, by the kernels of assembly/reduce/. */
import { CHECKS } from '../operand-checks.js';
import { REDUCE_OPS } from '../ops.js';
import type { Primitives, Tensor } from '../primitives.js';
import { around, ITEM_SIZES } from '../shapes.js';
import { DTYPE_CODES } from './generated/codes.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf, fillElements } from './memory.js';
import { codesOf } from './op-codes.js';

const REDUCE_CODES = codesOf(REDUCE_OPS);

const kept = new LoopNest();
const reduced = new LoopNest();

/** Fills two nests with x's axes: those that are not in `axes`, and those that are. */
export function sortAxes(x: Tensor, axes: readonly number[], kept: LoopNest, reduced: LoopNest): void {
  kept.reset();
  reduced.reset();
  let stride = 1;
  let next = axes.length - 1;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (next >= 0 && axes[next] === axis) {
      reduced.around(x.shape[axis], stride);
      next--;
    } else {
      kept.around(x.shape[axis], stride);
    }
    stride *= x.shape[axis];
  }
}

export const reduce = (machine: Machine): Pick<Primitives, 'reduce' | 'argReduce' | 'cumulative' | 'softmax'> => ({
  reduce(op, x, axes, out) {
    CHECKS.reduce(op, x, axes, out);
    const { kernels, heap, odometers } = machine;
    const from = addressOf(x);
    const to = addressOf(out);
    if (out.memory.size === 0) return;
    if (x.memory.size === 0) {
      fillElements(heap, out, op === 'prod' ? 1 : 0);
      return;
    }
    sortAxes(x, axes, kept, reduced);
    const item = [ITEM_SIZES[x.dtype]];
    const [keptAt, reducedAt] = odometers;
    const code = REDUCE_CODES[op];
    reduced.write(heap, reducedAt, item);
    if (x.dtype !== 'float32' || op === 'prod') {
      kept.write(heap, keptAt, item, 0);
      kernels.reduceScalar(DTYPE_CODES[x.dtype], code, from, to, keptAt, reducedAt);
    } else if (kept.rank > 0 && kept.stride(0, 0) === 1) {
      kept.write(heap, keptAt, item);
      kernels.reduceColumnsF32(code, from, to, keptAt, reducedAt);
    } else {
      kept.write(heap, keptAt, item, 0);
      kernels.reduceRowsF32(code, from, to, keptAt, reducedAt);
    }
  },

  argReduce(op, x, axis, out) {
    CHECKS.argReduce(op, x, axis, out);
    const { outer, n, inner } = around(x.shape, axis);
    const isMax = Number(op === 'argmax');
    machine.kernels.argExtreme(DTYPE_CODES[x.dtype], isMax, addressOf(x), addressOf(out), outer, n, inner);
  },

  cumulative(op, x, axis, out) {
    CHECKS.cumulative(op, x, axis, out);
    const { outer, n, inner } = around(x.shape, axis);
    const isProduct = Number(op === 'cumprod');
    machine.kernels.cumulate(DTYPE_CODES[x.dtype], isProduct, addressOf(x), addressOf(out), outer, n, inner);
  },

  softmax(x, axis, log, out) {
    CHECKS.softmax(x, axis, log, out);
    if (x.memory.size === 0) return;
    const { kernels } = machine;
    const { outer, n, inner } = around(x.shape, axis);
    const kernel = x.dtype === 'float64' ? kernels.softmaxF64 : kernels.softmaxF32;
    kernel(addressOf(x), addressOf(out), outer, n, inner, Number(log));
  },
});
