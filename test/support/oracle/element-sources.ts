/** Oracles for functions that move elements. Each says where an element of the result comes from. */
import type { HostValues } from '../function-harness.js';
import { indicesOf, placeOf } from '../host-array.js';

/** The source of an element: an index of the first input, an index of another input, or a constant. */
export type Source = readonly number[] | { input: number; index: readonly number[] } | number;

/** The oracle of a function whose result has `shape` and, at each index, the element that `source` names. */
export const moved =
  (shape: readonly number[], source: (index: readonly number[]) => Source) =>
  (...inputs: HostValues[]): HostValues => {
    const values = Float64Array.from(indicesOf(shape), (index) => {
      const from = source(index);
      if (typeof from === 'number') return from;
      const { input, index: place } = 'input' in from ? from : { input: 0, index: from };
      const x = inputs[input];
      return x.values[placeOf(x.shape, place)];
    });
    return { shape, values };
  };

/** The same elements in another shape. */
export const reshaped =
  (shape: readonly number[]) =>
  ({ values }: HostValues): HostValues => ({ shape, values });
