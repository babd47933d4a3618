/** Parameters, or their gradients, one after the other in a buffer that threads share. `replicas.ts` orders the accesses. */
import { bytesOf, sizeOf } from '../../backends/shapes.js';
import type { Link } from '../../core/link.js';
import type { Parameter } from '../../core/parameter.js';
import { ValueError } from '../../errors.js';

/** The position of a parameter in the buffer: `begin` in bytes, `size` in elements. */
export interface Place {
  readonly path: string;
  readonly dtype: 'float32' | 'float64';
  readonly begin: number;
  readonly size: number;
}

/** Places begin at multiples of this many bytes, the size of a vector. */
const ALIGNMENT = 16;

/** The places of a model's parameters, in the order of `params()`. All parameters must have their shapes. */
export function placesOf(model: Link): Place[] {
  let begin = 0;
  return Array.from(model.namedParams(), ([path, { array }]) => {
    const { dtype, shape } = array;
    if (dtype !== 'float32' && dtype !== 'float64') {
      throw new ValueError(`ParallelUpdater: ${path} is ${dtype}; parameters must be float32 or float64`);
    }
    const place = { path, dtype, begin, size: sizeOf(shape) };
    begin += Math.ceil(bytesOf(place) / ALIGNMENT) * ALIGNMENT;
    return place;
  });
}

/** The size of all places, in bytes. */
export function placedBytes(places: readonly Place[]): number {
  const last = places.at(-1);
  return last ? last.begin + bytesOf(last) : 0;
}

/** The numbers at each place of a buffer. */
export function viewsOf(buffer: SharedArrayBuffer, places: readonly Place[]): (Float32Array | Float64Array)[] {
  return places.map(({ dtype, begin, size }) =>
    dtype === 'float32' ? new Float32Array(buffer, begin, size) : new Float64Array(buffer, begin, size),
  );
}

/**
 * The parameters of a replica, in the order of the places.
 *
 * @throws ValueError if the model has other parameters.
 */
export function paramsAt(places: readonly Place[], model: Link): Parameter[] {
  const named = [...model.namedParams()];
  const wanted = places.map(({ path, dtype, size }) => `${path} (${size} × ${dtype})`);
  const there = named.map(([path, { array }]) => `${path} (${array.size} × ${array.dtype})`);
  const at = wanted.findIndex((text, k) => text !== there[k]);
  if (at >= 0 || there.length > wanted.length) {
    const k = at >= 0 ? at : wanted.length;
    throw new ValueError(
      `ParallelUpdater: parameter ${k} is ${wanted[k] ?? 'missing'} in the optimizer's target, and ` +
        `${there[k] ?? 'missing'} in the model that the module makes`,
    );
  }
  return named.map(([, param]) => param);
}
