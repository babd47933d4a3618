/** The readers of array files as `rensa/inference` has them. Oracle: the values that the fixtures list. */
import { describe, expect, test } from 'vitest';
import { DTypeError, FormatError, type np, readNpy, readNpz, readSafetensors } from '../../src/inference.js';
import { fixtureBytes, fixtureCases } from '../support/chainer-fixtures.js';
import type { ListedArray } from '../support/listed-values.js';

interface FileCase extends ListedArray {
  name: string;
  op: string;
  file: string;
  members: Record<string, ListedArray>;
}

const cases = fixtureCases<FileCase>('npz_io');

/** What devices compute with, and how they say it. */
const DTYPES: Record<string, string> = { '<f2': 'float32', '<f4': 'float32', '<f8': 'float64', '<i4': 'int32' };

function expectListed(array: np.NDArray | undefined, { shape, descr, values }: ListedArray) {
  expect(array?.shape).toEqual(shape);
  expect(array?.dtype).toBe(DTYPES[descr]);
  expect(Array.from(array!.dataSync(), (value) => (Number.isFinite(value) ? value : String(value)))).toEqual(values);
}

const isOnDevices = ({ descr }: ListedArray) => descr in DTYPES;

describe('readNpy', () => {
  test.each(cases.filter((example) => example.op === 'npy' && isOnDevices(example)))('$name', async (example) => {
    expectListed(await readNpy(fixtureBytes(`npz_io/${example.file}`)), example);
  });

  test('refuses what no device computes with', async () => {
    await expect(readNpy(fixtureBytes('npz_io/npy/unicode_scalar.npy'))).rejects.toThrow(DTypeError);
    await expect(readNpy(Uint8Array.of(1, 2, 3))).rejects.toThrow(FormatError);
  });
});

describe('readNpz', () => {
  test.each(cases.filter(({ file }) => /object_none|empty\.npz/.test(file)))('$name', async ({ file, members }) => {
    const arrays = await readNpz(fixtureBytes(`npz_io/${file}`), { device: 'wasm' });
    expect([...arrays.keys()]).toEqual(Object.keys(members)); // without None
    for (const [key, listed] of Object.entries(members)) expectListed(arrays.get(key), listed);
  });

  test('refuses what is no archive', async () => {
    await expect(readNpz(new Uint8Array(30))).rejects.toThrow(FormatError);
  });
});

test('readSafetensors', async () => {
  const header = JSON.stringify({
    w: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    n: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
  });
  const bytes = new Uint8Array(8 + header.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  view.setFloat32(8 + header.length, 1.5, true);
  view.setFloat32(12 + header.length, -2, true);
  view.setBigInt64(16 + header.length, -7n, true);
  const arrays = await readSafetensors(bytes);
  expect(arrays.get('w')?.tolist()).toEqual([[1.5], [-2]]);
  expect(arrays.get('n')?.dtype).toBe('int32'); // where it fits
  expect(arrays.get('n')?.item()).toBe(-7);
  await expect(readSafetensors(bytes.subarray(0, -1))).rejects.toThrow(FormatError);
});
