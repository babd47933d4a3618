/** Arguments of the kernels that reduce, or that look along one axis. */
import type { ArgReduceOp, CumulativeOp, ReduceOp } from '../ops.js';
import { REDUCE_OPS } from '../ops.js';
import type { Tensor } from '../primitives.js';
import { fillElements, ITEM_SIZES } from './dtypes.js';
import { DTYPE_CODES } from './generated/codes.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';
import { numbered } from './numbered.js';

const REDUCE_CODES = numbered<ReduceOp>(REDUCE_OPS);

const kept = new LoopNest();
const reduced = new LoopNest();

/** Elements before, along, and behind an axis. */
export interface AxisSplit {
  outer: number;
  n: number;
  inner: number;
}

/** Splits a shape at an axis. */
export function splitAt(shape: readonly number[], axis: number): AxisSplit {
  let outer = 1;
  let inner = 1;
  for (let k = 0; k < axis; k++) outer *= shape[k];
  for (let k = axis + 1; k < shape.length; k++) inner *= shape[k];
  return { outer, n: shape[axis], inner };
}

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

/** Reductions, positions of extremes, running sums and softmax on a machine. */
export class Reductions {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  reduce(op: ReduceOp, x: Tensor, axes: readonly number[], out: Tensor): void {
    const { kernels, heap, odometers } = this.#machine;
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
  }

  argReduce(op: ArgReduceOp, x: Tensor, axis: number, out: Tensor): void {
    const { outer, n, inner } = splitAt(x.shape, axis);
    const isMax = Number(op === 'argmax');
    this.#machine.kernels.argExtreme(DTYPE_CODES[x.dtype], isMax, addressOf(x), addressOf(out), outer, n, inner);
  }

  cumulative(op: CumulativeOp, x: Tensor, axis: number, out: Tensor): void {
    const { outer, n, inner } = splitAt(x.shape, axis);
    const isProduct = Number(op === 'cumprod');
    this.#machine.kernels.cumulate(DTYPE_CODES[x.dtype], isProduct, addressOf(x), addressOf(out), outer, n, inner);
  }

  softmax(x: Tensor, axis: number, log: boolean, out: Tensor): void {
    if (x.memory.size === 0) return;
    const { kernels } = this.#machine;
    const { outer, n, inner } = splitAt(x.shape, axis);
    const kernel = x.dtype === 'float64' ? kernels.softmaxF64 : kernels.softmaxF32;
    kernel(addressOf(x), addressOf(out), outer, n, inner, Number(log));
  }
}
