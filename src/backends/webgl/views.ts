/** Merges the dimensions of views before a kernel runs: fewer dimensions mean fewer divisions in the shader. */

/** A shape, and the strides of several views of it. */
export interface Dimensions {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The same elements in the same order, with as few dimensions as possible; a single element has none. */
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

/** As {@link collapse}, with at least one dimension: arrays in a shader cannot be empty. */
export function collapseToLoop(dimensions: Dimensions): { shape: number[]; strides: number[][] } {
  const collapsed = collapse(dimensions);
  return collapsed.shape.length > 0 ? collapsed : { shape: [1], strides: dimensions.strides.map(() => [0]) };
}

export const divisibleBy4 = (...numbers: readonly number[]): boolean => numbers.every((n) => n % 4 === 0);
