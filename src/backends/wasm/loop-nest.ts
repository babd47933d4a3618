/**
 * Strided loops over several operands, with as few axes as possible. Axes of one element are dropped, and neighbouring axes merge if
 * a single stride covers both for every operand. Kernels get the loops as the record of assembly/simd/odometer.ts. No function
 * here allocates memory.
 */
import { ShapeError } from '../../errors.js';
import { Axis, Odometer } from './generated/records.js';
import type { Heap } from './heap.js';

/** The most outer axes that an odometer holds. */
const MAXIMUM_RANK = 32;

/** The most bytes of an odometer: the record, and {@link MAXIMUM_RANK} axes. */
export const ODOMETER_BYTES = Odometer.bytes + MAXIMUM_RANK * Axis.bytes;
/** The most operands of a nest. */
const OPERANDS = 4;

/** A nest of loops. Axes are numbered from the innermost (0) to the outermost. Strides are in elements. */
export class LoopNest {
  /** Number of axes. */
  rank = 0;
  /** The number of elements of each axis. */
  readonly sizes = new Float64Array(MAXIMUM_RANK + 1);
  readonly #strides = new Float64Array((MAXIMUM_RANK + 1) * OPERANDS);

  /** Removes all axes. */
  reset(): void {
    this.rank = 0;
  }

  /**
   * Adds an axis outside the others. A missing operand has stride 0.
   *
   * @throws ShapeError if the nest has too many axes.
   */
  around(size: number, stride0: number, stride1 = 0, stride2 = 0, stride3 = 0): void {
    if (size === 1) return;
    const strides = this.#strides;
    if (this.rank > 0) {
      const inner = this.rank - 1;
      const length = this.sizes[inner];
      const at = inner * OPERANDS;
      if (
        stride0 === strides[at] * length &&
        stride1 === strides[at + 1] * length &&
        stride2 === strides[at + 2] * length &&
        stride3 === strides[at + 3] * length
      ) {
        this.sizes[inner] = length * size;
        return;
      }
    }
    if (this.rank > MAXIMUM_RANK) {
      throw new ShapeError(`wasm: a strided operation has more than ${MAXIMUM_RANK + 1} axes that cannot be merged`);
    }
    const at = this.rank * OPERANDS;
    this.sizes[this.rank++] = size;
    strides[at] = stride0;
    strides[at + 1] = stride1;
    strides[at + 2] = stride2;
    strides[at + 3] = stride3;
  }

  /** The number of elements of the innermost axis. */
  get inner(): number {
    return this.rank === 0 ? 1 : this.sizes[0];
  }

  /** An operand's stride along an axis; 0 for an axis that the nest does not have. */
  stride(axis: number, operand: number): number {
    return axis < this.rank ? this.#strides[axis * OPERANDS + operand] : 0;
  }

  /** The first axis along which an operand has this stride, or −1. */
  find(operand: number, stride: number): number {
    for (let axis = 0; axis < this.rank; axis++) if (this.stride(axis, operand) === stride) return axis;
    return -1;
  }

  /** Moves an axis inwards to `place`. The axes between move outwards by one. */
  move(axis: number, place: number): void {
    for (let k = axis; k > place; k--) this.#swap(k, k - 1);
  }

  /** Sorts the axes by the absolute strides of an operand, the smallest innermost, so that its memory is visited in order. */
  sort(operand: number): void {
    for (let axis = 1; axis < this.rank; axis++) {
      let place = axis;
      while (place > 0 && Math.abs(this.stride(place - 1, operand)) > Math.abs(this.stride(axis, operand))) place--;
      this.move(axis, place);
    }
  }

  #swap(a: number, b: number): void {
    [this.sizes[a], this.sizes[b]] = [this.sizes[b], this.sizes[a]];
    const strides = this.#strides;
    for (let k = 0; k < OPERANDS; k++) {
      const [i, j] = [a * OPERANDS + k, b * OPERANDS + k];
      [strides[i], strides[j]] = [strides[j], strides[i]];
    }
  }

  /**
   * Writes the axes `from`, `from` + 1, … as an odometer. The elements of operand k have `itemSizes[k]` bytes. The innermost axis of
   * the nest is the odometer's row.
   */
  write(heap: Heap, address: number, itemSizes: readonly number[], from = 1): void {
    const words = heap.i32;
    const at = address >> 2;
    const outer = Math.max(0, this.rank - from);
    for (let k = 0; k < itemSizes.length; k++) {
      let rewind = 0;
      for (let axis = from; axis < this.rank; axis++) {
        const record = at + Odometer.words + (this.rank - 1 - axis) * Axis.words;
        const stride = this.#strides[axis * OPERANDS + k] * itemSizes[k];
        words[record + Axis.jump0 + k] = stride - rewind;
        rewind += stride * (this.sizes[axis] - 1);
      }
    }
    for (let axis = from; axis < this.rank; axis++) {
      const record = at + Odometer.words + (this.rank - 1 - axis) * Axis.words;
      words[record + Axis.size] = this.sizes[axis];
      words[record + Axis.counter] = 0;
    }
    words[at + Odometer.rank] = outer;
    words[at + Odometer.inner] = this.inner;
    words[at + Odometer.step] = this.stride(0, 0) * itemSizes[0];
  }
}
