/** How elements of each dtype lie in linear memory. */
import type { DType, TypedArray } from '../primitives.js';
import type { Heap } from './heap.js';

/** The whole memory as elements of each dtype. */
export const VIEWS = {
  float32: (heap) => heap.f32,
  float64: (heap) => heap.f64,
  int32: (heap) => heap.i32,
  uint8: (heap) => heap.u8,
  bool: (heap) => heap.u8,
} satisfies Record<DType, (heap: Heap) => TypedArray>;

/** The element that a number becomes; the view converts it to every dtype but bool. */
export const toElement = (value: number, dtype: DType): number => (dtype === 'bool' ? Number(value !== 0) : value);
