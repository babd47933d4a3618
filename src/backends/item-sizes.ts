/** How many bytes elements take in host and wasm memory. */
import type { DType, Memory } from './primitives.js';

/** Bytes of an element. */
export const ITEM_SIZES = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 } satisfies Record<DType, number>;

/** Bytes of all elements of a block. */
export function bytesOf({ size, dtype }: Pick<Memory, 'size' | 'dtype'>): number {
  return size * ITEM_SIZES[dtype];
}
