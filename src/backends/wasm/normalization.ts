/** Arguments of the kernels that normalization is made of: moments, sums of centred products, and affine maps. */

import { REDUCE_OPS } from '../ops.js';
import type { AffineAddend, AffineCoefficients, Tensor } from '../primitives.js';
import { fillElements, ITEM_SIZES } from './dtypes.js';
import { Affine } from './generated/records.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf, expectMemory } from './memory.js';
import { sortAxes } from './reductions.js';

const SUM = REDUCE_OPS.indexOf('sum');

const kept = new LoopNest();
const reduced = new LoopNest();
const rows = new LoopNest();

/** The primitives of normalization on a machine. */
export class Normalization {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  moments(x: Tensor, axes: readonly number[], mean: Tensor, variance: Tensor): void {
    if (mean.memory.size === 0) return;
    const { kernels, heap, odometers } = this.#machine;
    if (x.memory.size === 0) {
      for (const out of [mean, variance]) fillElements(heap, out, Number.NaN);
      return;
    }
    const [keptAt, reducedAt] = odometers;
    const [from, toMean, toVariance] = [addressOf(x), addressOf(mean), addressOf(variance)];
    if (this.#walk(x, axes)) {
      const share = mean.memory.size / x.memory.size;
      kernels.reduceColumnsF32(SUM, from, toMean, keptAt, reducedAt);
      const first = toMean / 4;
      for (let i = first; i < first + mean.memory.size; i++) heap.f32[i] *= share;
      kernels.productsColumnsF32(from, toMean, 0, share, toVariance, keptAt, reducedAt);
    } else {
      const kernel = x.dtype === 'float64' ? kernels.momentsF64 : kernels.momentsRowsF32;
      kernel(from, toMean, toVariance, keptAt, reducedAt);
    }
  }

  comoments(x: Tensor, center: Tensor, y: Tensor, axes: readonly number[], sum: Tensor, product: Tensor): void {
    if (sum.memory.size === 0) return;
    const { kernels, heap, odometers } = this.#machine;
    if (x.memory.size === 0) {
      for (const out of [sum, product]) fillElements(heap, out, 0);
      return;
    }
    const [keptAt, reducedAt] = odometers;
    const [fromX, about, fromY] = [addressOf(x), addressOf(center), addressOf(y)];
    const [toSum, toProduct] = [addressOf(sum), addressOf(product)];
    if (this.#walk(x, axes)) {
      kernels.reduceColumnsF32(SUM, fromY, toSum, keptAt, reducedAt);
      kernels.productsColumnsF32(fromX, about, fromY, 1, toProduct, keptAt, reducedAt);
    } else {
      const kernel = x.dtype === 'float64' ? kernels.comomentsF64 : kernels.comomentsRowsF32;
      kernel(fromX, about, fromY, toSum, toProduct, keptAt, reducedAt);
    }
  }

  affine(x: Tensor, { center, scale, shift }: AffineCoefficients, addend: AffineAddend | null, out: Tensor): void {
    if (out.memory.size === 0) return;
    const { kernels, heap, odometers, arguments: args } = this.#machine;
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
    const at = args >> 2;
    words[at + Affine.x] = addressOf(x);
    words[at + Affine.y] = addend ? addressOf(addend.y) : 0;
    words[at + Affine.out] = addressOf(out);
    words[at + Affine.center] = addressOf(center);
    words[at + Affine.scale] = addressOf(scale);
    words[at + Affine.shift] = addressOf(shift);
    words[at + Affine.factor] = addend ? addressOf(addend.scale) : 0;
    const kernel = out.dtype === 'float64' ? kernels.affineF64 : kernels.affineF32;
    kernel(args, odometers[0]);
  }

  /** Writes both odometers for a walk over x; says whether it is one over columns, and not over rows. */
  #walk(x: Tensor, axes: readonly number[]): boolean {
    const { heap, odometers } = this.#machine;
    const item = [ITEM_SIZES[x.dtype]];
    sortAxes(x, axes, kept, reduced);
    const byColumns = x.dtype === 'float32' && kept.rank > 0 && kept.stride(0, 0) === 1;
    reduced.write(heap, odometers[1], item);
    kept.write(heap, odometers[0], item, byColumns ? 1 : 0);
    return byColumns;
  }
}
