/** Arithmetic on shapes: numbers of elements, row-major strides, bytes. Every layer counts with these. */
import type { DType, Memory } from './primitives.js';

/** Bytes of an element in host and wasm memory. */
export const ITEM_SIZES = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 } satisfies Record<DType, number>;

/** Bytes of all elements of a block in host and wasm memory. */
export function bytesOf({ size, dtype }: Pick<Memory, 'size' | 'dtype'>): number {
  return size * ITEM_SIZES[dtype];
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Strides, in elements, that read a dense array of `shape` as if it had the shape `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const lead = target.length - shape.length;
  const own = stridesOf(shape);
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]));
}

/** The shape (outer, n, inner) of a dense array around an axis of length n. */
export function around(shape: readonly number[], axis: number): { outer: number; n: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let k = 0; k < axis; k++) outer *= shape[k];
  for (let k = axis + 1; k < shape.length; k++) inner *= shape[k];
  return { outer, n: shape[axis], inner };
}
