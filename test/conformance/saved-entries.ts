/** Compares the entries that objects write to files, and read from them, with the entries that a case lists. */
import { serializers } from 'rensa';
import { type HostArray, scalarOf } from '../../src/formats/host-array.js';
import { compareJson, Mismatch } from './compare.js';

/** One entry of a file, as a case lists it. */
export interface Entry {
  readonly key: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly value?: number | boolean | string;
}

/** What an object writes. */
export function saved(target: serializers.Serializable): Map<string, HostArray> {
  const entries = new Map<string, HostArray>();
  target.serialize(new serializers.DictionarySerializer(entries));
  return entries;
}

/** Loads the entries of one object into another, or no entries. */
export function restore(target: serializers.Serializable, entries: ReadonlyMap<string, HostArray>): void {
  target.serialize(new serializers.DictionaryDeserializer(entries));
}

/** The value of an entry as the case would write it: texts are JSON, in which Python puts spaces. */
function comparable(array: HostArray, want: NonNullable<Entry['value']>): unknown {
  const scalar = scalarOf(array);
  if (typeof want === 'number') return Number(scalar);
  if (typeof want === 'boolean') return array.dtype === 'bool' ? Boolean(scalar) : `${scalar} of ${array.dtype}`;
  return JSON.parse(String(scalar));
}

/** The same keys and shapes, and the same scalars within `rtol`. @throws Mismatch */
export function compareEntries(got: ReadonlyMap<string, HostArray>, want: readonly Entry[], rtol = 1e-12): void {
  compareJson('saved keys', [...got.keys()].sort(), want.map(({ key }) => key).sort());
  for (const { key, shape, value } of want) {
    const array = got.get(key);
    if (!array) throw new Mismatch(`'${key}' is not saved`);
    compareJson(`shape of ${key}`, array.shape, shape);
    if (value === undefined) continue;
    compareJson(key, comparable(array, value), typeof value === 'string' ? JSON.parse(value) : value, rtol);
  }
}
