/** The sums that normalization needs, on arrays. The device computes each in one pass over its input. */
import { allocate, type NDArray } from '../../ndarray/ndarray.js';
import { reducedShape } from '../../ndarray/shape.js';

/** The mean and the variance of x over `axes`, which keep length 1. */
export function momentsOf(x: NDArray, axes: readonly number[]): { mean: NDArray; variance: NDArray } {
  const shape = reducedShape(x.shape, axes, true);
  const mean = allocate(shape, x.dtype, x.device);
  const variance = allocate(shape, x.dtype, x.device);
  x.device.moments(x, axes, mean, variance);
  return { mean, variance };
}

/** Σ y and Σ y·(x − center) over `axes`, which keep length 1. */
export function comomentsOf(
  x: NDArray,
  center: NDArray,
  y: NDArray,
  axes: readonly number[],
): { sum: NDArray; product: NDArray } {
  const shape = reducedShape(x.shape, axes, true);
  const sum = allocate(shape, x.dtype, x.device);
  const product = allocate(shape, x.dtype, x.device);
  x.device.comoments(x, center, y, axes, sum, product);
  return { sum, product };
}
