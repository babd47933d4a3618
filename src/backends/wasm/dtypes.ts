/** What the wasm backend knows of each dtype: its number in the kernels, its size, its views. */

import type { DType, Tensor, TypedArray } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import type { Heap } from './heap.js';
import { addressOf } from './memory.js';

export { ITEM_SIZES };

/** The whole memory as elements of each dtype. */
export const VIEWS = {
  float32: (heap) => heap.f32,
  float64: (heap) => heap.f64,
  int32: (heap) => heap.i32,
  uint8: (heap) => heap.u8,
  bool: (heap) => heap.u8,
} satisfies Record<DType, (heap: Heap) => TypedArray>;

/** What an element of each dtype makes of a number that is stored in it, where the view does not do so itself. */
export const toElement = (value: number, dtype: DType): number => (dtype === 'bool' ? Number(value !== 0) : value);

/** Sets every element. */
export function fillElements(heap: Heap, out: Tensor, value: number): void {
  const begin = addressOf(out) / ITEM_SIZES[out.dtype];
  VIEWS[out.dtype](heap).fill(toElement(value, out.dtype), begin, begin + out.memory.size);
}
