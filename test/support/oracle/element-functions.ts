/** Oracles for the function harness, made from functions of single numbers. */
import type { HostValues } from '../function-harness.js';
import { indicesOf, placeOf } from '../host-array.js';
import { broadcastShape } from './elementwise.js';

/** The oracle of a function of each element. */
export const ofEach =
  (f: (x: number) => number) =>
  ({ shape, values }: HostValues): HostValues => ({ shape, values: values.map((x) => f(x)) });

/** The element of a broadcast array at an index of the result. */
function elementAt({ shape, values }: HostValues, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length).map((i, k) => (shape[k] === 1 ? 0 : i));
  return values[placeOf(shape, own)];
}

/** The oracle of a function of several broadcast elements. */
export const ofBroadcast =
  (f: (...elements: number[]) => number) =>
  (...operands: HostValues[]): HostValues => {
    const shape = broadcastShape(...operands.map((x) => x.shape));
    const values = Float64Array.from(indicesOf(shape), (index) => f(...operands.map((x) => elementAt(x, index))));
    return { shape, values };
  };
