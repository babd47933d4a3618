/** The readers of array files as `rensa/inference` has them. Oracle: the values that the fixtures list. */
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { L, serializers } from '../../src/index.js';
import { DTypeError, FormatError, type np, readNpy, readNpz, readSafetensors } from '../../src/inference.js';
import { fixtureBytes, fixtureCases } from '../support/chainer-fixtures.js';
import type { ListedArray } from '../support/listed-values.js';
import { present } from '../support/present.js';

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
  expect(Array.from(present(array).dataSync(), (value) => (Number.isFinite(value) ? value : String(value)))).toEqual(
    values,
  );
}

const texts = (text: string) => [...new TextEncoder().encode(text)];

const isOnDevices = ({ descr }: ListedArray) => descr in DTYPES;

describe('readNpy', () => {
  test.each(cases.filter((example) => example.op === 'npy' && isOnDevices(example)))('$name', async (example) => {
    expectListed(await readNpy(fixtureBytes(`npz_io/${example.file}`)), example);
  });

  test('refuses dtypes that no device computes with', async () => {
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

  test('an entry of an unsupported kind throws only when it is requested', async () => {
    const npy = (descr: string, shape: string, body: number[]) => {
      const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
      return Uint8Array.from([0x93, ...texts('NUMPY'), 1, 0, header.length, 0, ...texts(header), ...body]);
    };
    const bytes = zipSync(
      {
        'README.txt': Uint8Array.from(texts('Weights of a net')),
        'dates.npy': npy('<M8[s]', '()', new Array(8).fill(1)),
        'z.npy': npy('<c8', '(1,)', new Array(8).fill(0)),
        'long.npy': npy('<f16', '(1,)', new Array(16).fill(0)),
        'ids.npy': npy('<u8', '(1,)', [0, 0, 0, 0, 1, 0, 0, 0]),
        'names.npy': npy('|O', '(1,)', texts('cos\nsystem\n.')),
        'W.npy': npy('<f4', '(2,)', [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]),
      },
      { level: 0 },
    );
    const arrays = await readNpz(bytes);
    expect([...arrays.keys()]).toEqual(['W']);
    expect([arrays.size, arrays.get('W')?.tolist()]).toEqual([1, [1, 2]]);
    expect(arrays.get('nobody')).toBeUndefined();
    expect(() => arrays.get('README.txt')).toThrow(/README\.txt.*not a \.npy file/);
    expect(() => arrays.get('dates')).toThrow(/<M8\[s\]' is not supported/);
    for (const name of ['z', 'long', 'names']) expect(() => arrays.get(name)).toThrow(FormatError);
    expect(() => arrays.get('ids')).toThrow(/4294967296, which int32 cannot hold/);
    const damaged = bytes.slice();
    damaged[damaged.indexOf(0x93) + 60] ^= 1;
    await expect(readNpz(damaged)).rejects.toThrow(FormatError);
  });

  test('refuses bytes that are not an archive', async () => {
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

describe('safetensors with dtypes that are not read', () => {
  const header = new TextEncoder().encode(
    JSON.stringify({
      __metadata__: null,
      q: { dtype: 'F4', shape: [4], data_offsets: [0, 2] },
      s: { dtype: 'F8_E5M2', shape: [2], data_offsets: [2, 4] },
      z: { dtype: 'C64', shape: [1], data_offsets: [4, 12] },
      'l/W': { dtype: 'F32', shape: [1, 1], data_offsets: [12, 16] },
      W: { dtype: 'F32', shape: [1, 1], data_offsets: [16, 20] },
      b: { dtype: 'F8_E8M0', shape: [1], data_offsets: [20, 21] },
    }),
  );
  const bytes = new Uint8Array(8 + header.length + 21);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.length, true);
  bytes.set(header, 8);
  view.setFloat32(8 + header.length + 16, 2.5, true);

  test('the others are read', async () => {
    const arrays = await readSafetensors(bytes);
    expect([...arrays.keys()]).toEqual(['l/W', 'W']);
    expect(arrays.get('W')?.item()).toBe(2.5);
    expect(() => arrays.get('s')).toThrow(/'s': dtype 'F8_E5M2' is not supported/);
  });

  test('a link loads unless it needs one of them', () => {
    const link = new L.Linear(1, 1, { nobias: true });
    serializers.fromSafetensors(bytes, link);
    expect(link.W.array.item()).toBe(2.5);
    expect(() => serializers.fromSafetensors(bytes, new L.Linear(1, 1))).toThrow(/'b': dtype 'F8_E8M0'/);
  });
});
