/** The `training` group of the reference data: its cases by operation, and comparisons of saved state. */
import { expect } from 'vitest';
import { type HostArray, scalarOf } from '../../src/formats/host-array.js';
import { serializers } from '../../src/index.js';
import { loadGroup } from './load-fixture.js';

/** One entry of a file, as a case lists it. */
export interface Entry {
  readonly key: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly value?: number | boolean | string;
}

const { manifest, arrays } = await loadGroup<{
  cases: { name: string; op: string }[];
  data: Record<string, { name: string }[]>;
  default_tol: { rtol: number; atol: number };
}>('training');

export { arrays as trainingArrays };

type Named<Case> = Case & { readonly name: string };

/** The cases of one operation; `Case` is what its manifest says of each. */
export function trainingCases<Case>(op: string): Named<Case>[] {
  const cases: unknown[] = manifest.cases.filter((c) => c.op === op);
  if (cases.length === 0) throw new Error(`no cases of ${op}`);
  return cases as Named<Case>[];
}

/** What an object writes. */
export function saved(target: serializers.Serializable): Map<string, HostArray> {
  const entries = new Map<string, HostArray>();
  target.serialize(new serializers.DictionarySerializer(entries));
  return entries;
}

/** Loads the entries of one object into another, or no entries. */
export function load(target: serializers.Serializable, entries: ReadonlyMap<string, HostArray>, strict = true): void {
  target.serialize(new serializers.DictionaryDeserializer(entries, '', { strict }));
}

/** The same keys, and the same scalars in them. */
export function expectEntries(got: ReadonlyMap<string, HostArray>, want: readonly Entry[]): void {
  expect([...got.keys()].sort()).toEqual(want.map(({ key }) => key).sort());
  for (const { key, shape, value } of want) {
    const array = got.get(key) as HostArray;
    expect([key, array.shape]).toEqual([key, shape]);
    if (value === undefined) continue;
    const scalar = scalarOf(array);
    if (typeof value === 'number') expect(Number(scalar), key).toBeCloseTo(value, 12);
    else if (typeof value === 'boolean') expect([array.dtype, Boolean(scalar)], key).toEqual(['bool', value]);
    // Texts are JSON, in which Python puts spaces.
    else expect(JSON.parse(String(scalar)), key).toEqual(JSON.parse(value));
  }
}
