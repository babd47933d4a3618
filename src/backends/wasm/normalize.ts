/** What normalization is made of: moments, sums of centred products, and affine maps, by the kernels of assembly/normalize/. */
import { CHECKS } from '../operand-checks.js';
import { REDUCE_OPS } from '../ops.js';
import type { Primitives, Tensor } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { Affine } from './generated/records.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf, expectMemory, fillElements } from './memory.js';
import { codesOf } from './op-codes.js';
import { sortAxes } from './reduce.js';

const { sum: SUM } = codesOf(REDUCE_OPS);

const kept = new LoopNest();
const reduced = new LoopNest();
const rows = new LoopNest();

export const normalize = (machine: Machine): Pick<Primitives, 'moments' | 'comoments' | 'affine'> => ({
  moments(x, axes, mean, variance) {
    CHECKS.moments(x, axes, mean, variance);
    if (mean.memory.size === 0) return;
    const { kernels, heap, odometers } = machine;
    if (x.memory.size === 0) {
      for (const out of [mean, variance]) fillElements(heap, out, Number.NaN);
      return;
    }
    const [keptAt, reducedAt] = odometers;
    const [from, toMean, toVariance] = [addressOf(x), addressOf(mean), addressOf(variance)];
    if (writeOdometers(machine, x, axes) === 'columns') {
      const share = mean.memory.size / x.memory.size;
      kernels.reduceColumnsF32(SUM, from, toMean, keptAt, reducedAt);
      const first = toMean / 4;
      for (let i = first; i < first + mean.memory.size; i++) heap.f32[i] *= share;
      kernels.productsColumnsF32(from, toMean, 0, share, toVariance, keptAt, reducedAt);
    } else {
      const kernel = x.dtype === 'float64' ? kernels.momentsF64 : kernels.momentsRowsF32;
      kernel(from, toMean, toVariance, keptAt, reducedAt);
    }
  },

  comoments(x, center, y, axes, sum, product) {
    CHECKS.comoments(x, center, y, axes, sum, product);
    if (sum.memory.size === 0) return;
    const { kernels, heap, odometers } = machine;
    if (x.memory.size === 0) {
      for (const out of [sum, product]) fillElements(heap, out, 0);
      return;
    }
    const [keptAt, reducedAt] = odometers;
    const [fromX, about, fromY] = [addressOf(x), addressOf(center), addressOf(y)];
    const [toSum, toProduct] = [addressOf(sum), addressOf(product)];
    if (writeOdometers(machine, x, axes) === 'columns') {
      kernels.reduceColumnsF32(SUM, fromY, toSum, keptAt, reducedAt);
      kernels.productsColumnsF32(fromX, about, fromY, 1, toProduct, keptAt, reducedAt);
    } else {
      const kernel = x.dtype === 'float64' ? kernels.comomentsF64 : kernels.comomentsRowsF32;
      kernel(fromX, about, fromY, toSum, toProduct, keptAt, reducedAt);
    }
  },

  affine(x, coefficients, addend, out) {
    CHECKS.affine(x, coefficients, addend, out);
    if (out.memory.size === 0) return;
    const { kernels, heap, odometers, arguments: record } = machine;
    const { center, scale, shift } = coefficients;
    rows.reset();
    let stride = 1;
    for (let fromEnd = 1; fromEnd <= out.shape.length; fromEnd++) {
      const size = fromEnd > scale.shape.length ? 1 : scale.shape[scale.shape.length - fromEnd];
      rows.around(out.shape[out.shape.length - fromEnd], size === 1 ? 0 : stride);
      stride *= size;
    }
    rows.write(heap, odometers[0], [ITEM_SIZES[out.dtype]]);
    expectMemory(x, addend?.y, out, center, scale, shift, addend?.scale);
    const words = heap.i32;
    const at = record >> 2;
    words[at + Affine.x] = addressOf(x);
    words[at + Affine.y] = addend ? addressOf(addend.y) : 0;
    words[at + Affine.out] = addressOf(out);
    words[at + Affine.center] = addressOf(center);
    words[at + Affine.scale] = addressOf(scale);
    words[at + Affine.shift] = addressOf(shift);
    words[at + Affine.factor] = addend ? addressOf(addend.scale) : 0;
    const kernel = out.dtype === 'float64' ? kernels.affineF64 : kernels.affineF32;
    kernel(record, odometers[0]);
  },
});

/** Writes both odometers of a walk over x, and says whether the walk goes by columns or by rows. */
function writeOdometers({ heap, odometers }: Machine, x: Tensor, axes: readonly number[]): 'columns' | 'rows' {
  const item = [ITEM_SIZES[x.dtype]];
  sortAxes(x, axes, kept, reduced);
  const byColumns = x.dtype === 'float32' && kept.rank > 0 && kept.stride(0, 0) === 1;
  reduced.write(heap, odometers[1], item);
  kept.write(heap, odometers[0], item, byColumns ? 1 : 0);
  return byColumns ? 'columns' : 'rows';
}
