/**
 * Arithmetic on shapes and strides before a kernel runs: fewer dimensions mean fewer divisions in the shader. It knows
 * nothing of textures.
 */

import { sizeOf } from '../shapes.js';

/** Sizes, and for each of several views of them the strides. */
export interface Dimensions {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The same elements in the same order by as few dimensions as possible; none is left of a single element. */
export function collapse({ shape, strides }: Dimensions): { shape: number[]; strides: number[][] } {
  const sizes: number[] = [];
  const views: number[][] = strides.map(() => []);
  for (const [axis, n] of shape.entries()) {
    if (n === 1) continue;
    const last = sizes.length - 1;
    const continues = last >= 0 && strides.every((view, v) => views[v][last] === view[axis] * n);
    if (continues) {
      sizes[last] *= n;
      for (const [v, view] of strides.entries()) views[v][last] = view[axis];
    } else {
      sizes.push(n);
      for (const [v, view] of strides.entries()) views[v].push(view[axis]);
    }
  }
  return { shape: sizes, strides: views };
}

/** As {@link collapse}, but with at least one dimension, so that a shader's arrays are never empty. */
export function collapseToLoop(dimensions: Dimensions): { shape: number[]; strides: number[][] } {
  const collapsed = collapse(dimensions);
  return collapsed.shape.length > 0 ? collapsed : { shape: [1], strides: dimensions.strides.map(() => [0]) };
}

export const divisibleBy4 = (...numbers: readonly number[]): boolean => numbers.every((n) => n % 4 === 0);

/** The sizes before, of, and after an axis, as a row-major array of three dimensions has them. */
export function around(shape: readonly number[], axis: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), n: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}
