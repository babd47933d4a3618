/** Host arrays in the notation of the npz_io manifest: JSON values, with strings for what JSON lacks. */
import type { HostArray } from '../../src/formats/host-array.js';

/** An array in the manifest. */
export interface ListedArray {
  shape: number[];
  descr: string;
  values: (number | string | boolean)[];
}

/** An array's elements as the manifest lists them. */
export function asListed(array: HostArray): (number | string | boolean)[] {
  if (array.data === null) return [];
  return Array.from<number | bigint | string, number | string | boolean>(array.data, (value) => {
    if (typeof value === 'string') return value;
    if (array.dtype === 'bool') return value === 1;
    const isJson = typeof value === 'bigint' ? BigInt.asIntN(54, value) === value : Number.isFinite(value);
    return isJson ? Number(value) : String(value);
  });
}
