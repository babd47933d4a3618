/** .npz archives as NumPy and other zip tools write them, and damaged ones. Oracle: the values the fixtures list. */
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FormatError, KeyError, ValueError } from '../../src/errors.js';
import type { HostArray } from '../../src/formats/host-array.js';
import { encodeNpz, NpzFile, parseNpz } from '../../src/formats/npz.js';
import { fixtureBytes, fixtureCases } from '../support/chainer-fixtures.js';
import { asListed, type ListedArray } from '../support/listed-values.js';
import { present } from '../support/present.js';

interface NpzCase {
  name: string;
  op: string;
  file: string;
  members: Record<string, ListedArray>;
  object_members?: string[];
}

const cases = fixtureCases<NpzCase>('npz_io').filter(({ op }) => op === 'npz');

describe('parseNpz reads what NumPy and zip tools wrote', () => {
  test.each(cases)('$name', ({ file, members, object_members: nones = [] }) => {
    const arrays = parseNpz(fixtureBytes(`npz_io/${file}`));
    expect([...arrays.keys()].sort()).toEqual([...Object.keys(members), ...nones].sort());
    for (const [key, { shape, values }] of Object.entries(members)) {
      expect(arrays.get(key)?.shape).toEqual(shape);
      expect(asListed(present(arrays.get(key)))).toEqual(values);
    }
    for (const key of nones) expect(arrays.get(key)).toEqual({ shape: [], dtype: 'none', data: null });
  });
});

test('zip64 records throughout, as Python writes them past 4 GiB and 65,535 entries', () => {
  // zipfile with ZIP64_LIMIT = 20 and ZIP_FILECOUNT_LIMIT = 1, deflated by zlib for brevity; the last entry is a folder.
  const file = inflateSync(
    Buffer.from(
      'eNoL8GZm0WWAAEWGrPOfAv9DASuDCEOiXl5BJSODAEMbVAmMnuwX6hsQychQxlCtnpJanFykbqWgbpNppK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4F' +
        'ihdnJBakAvkaxjqaOgq1ChQALgYGRgYmhgAUx6f0KB2GOZ4T6PiUzCL9JJgHWqDKWvB6IM2EKA9Q6nywBxQcQM4XgTsfGbAAMcj5Ad6MTLrM' +
        'uOMHBhoYQSTO2EI3BjWkZJCMAYkghZsERrjtxWEkqut5sBjJyMDBUMMI083GpgNVocugC1fNjEbfgNLzEPrYQXQZE4TPCBZjZYPoYQarh6gF' +
        'AANZiH8=',
      'base64',
    ),
  );
  expect(parseNpz(file)).toEqual(
    new Map<string, HostArray>([
      ['a', { shape: [3], dtype: 'int16', data: Int16Array.of(0, 1, 2) }],
      ['dir/b', { shape: [], dtype: 'float32', data: Float32Array.of(2.5) }],
    ]),
  );
});

describe('NpzFile', () => {
  const bytes = fixtureBytes('npz_io/npz/compressed.npz');

  test('reads one array at a time', () => {
    const file = new NpzFile(bytes);
    expect(file.keys()).toContain('a/b/u1');
    expect(file.has('a/b/u1')).toBe(true);
    expect(file.has('a/b/u1.npy')).toBe(false);
    expect(asListed(file.get('a/b/u1'))).toEqual([0, 255, 39, 57, 38, 39]);
    expect(() => file.get('nobody')).toThrow(KeyError);
  });

  test('damage to one entry spares the others', () => {
    const damaged = bytes.slice();
    damaged[60] ^= 0xff; // inside the first entry's stream
    const file = new NpzFile(damaged, 'model.npz');
    expect(() => file.get('a/b/u1')).toThrow(/model\.npz entry 'a\/b\/u1\.npy'/);
    expect(asListed(file.get('a/b/scalar_f4'))).toEqual([1.5]);
  });

  test('limits hold for what entries declare, and how many there are', () => {
    expect(() => new NpzFile(bytes, 'a.npz', { bytes: 1000 })).toThrow(
      /^a\.npz: what its entries declare to hold brings the total to [\d,]+ B, more than limits\.bytes \(1,000 B\)/,
    );
    expect(() => new NpzFile(bytes, 'npz', { nodes: 3 })).toThrow(/number of its entries .* limits\.nodes \(3\)/);
  });
});

const arrays: Record<string, HostArray> = {
  'conv1/W': { shape: [2, 1, 3], dtype: 'float32', data: Float32Array.of(0, -1.5, Number.NaN, 3, 1e30, 5) },
  'conv1/b': { shape: [0], dtype: 'float64', data: new Float64Array(0) },
  t: { shape: [], dtype: 'int32', data: Int32Array.of(-7) },
  n: { shape: [2], dtype: 'int64', data: BigInt64Array.of(-(2n ** 63n), 5n) },
  mask: { shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) },
  image: { shape: [1, 4], dtype: 'uint8', data: Uint8Array.of(0, 1, 254, 255) },
  _log: { shape: [], dtype: 'str', data: ['[{"é": "あ😀"}]'] },
  'fc/W': { shape: [], dtype: 'none', data: null },
};

describe.each([false, true])('encodeNpz, compressed: %s', (compressed) => {
  test('what is written can be read again', () => {
    expect(parseNpz(encodeNpz(arrays, { compressed }))).toEqual(new Map(Object.entries(arrays)));
  });

  test('takes pairs, writes an empty archive for an empty list, and the same bytes for the same arrays', () => {
    const bytes = encodeNpz(Object.entries(arrays), { compressed });
    expect(bytes).toEqual(encodeNpz(arrays, { compressed }));
    expect(parseNpz(encodeNpz([], { compressed }))).toEqual(new Map());
  });

  test('refuses a key given twice', () => {
    const entry = ['t', arrays.t] as const;
    expect(() => encodeNpz([entry, entry], { compressed })).toThrow(ValueError);
  });
});

describe('parseNpz refuses with a FormatError', () => {
  const stored = fixtureBytes('npz_io/npz/stored.npz');
  const view = new DataView(stored.buffer);
  const end = stored.length - 22;
  const directory = view.getUint32(end + 16, true);

  /** The file with one field replaced. */
  const withField = (bytes: Uint8Array, at: number, value: number, width: 2 | 4) => {
    const copy = bytes.slice();
    const copyView = new DataView(copy.buffer);
    if (width === 2) copyView.setUint16(at, value, true);
    else copyView.setUint32(at, value, true);
    return copy;
  };
  const compressed = fixtureBytes('npz_io/npz/compressed.npz');
  const compressedDirectory = new DataView(compressed.buffer).getUint32(compressed.length - 6, true);

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /no end record/],
    ['a file cut short', stored.subarray(0, stored.length - 1), /not a zip file, or cut short/],
    ['a directory outside the file', withField(stored, end + 16, 0x7fffffff, 4), /does not fit/],
    ['more entries than the directory holds', withField(stored, end + 10, 60000, 2), /60000 entries/],
    ['one entry too many', withField(stored, end + 10, 12, 2), /no directory entry 11/],
    ['encryption', withField(stored, directory + 8, 1, 2), /'a\/b\/u1\.npy': is encrypted/],
    ['other methods', withField(stored, directory + 10, 14, 2), /compression method 14/],
    ['stored sizes that differ', withField(stored, directory + 24, 999, 4), /stored as 134 bytes, but 999/],
    ['a wrong checksum', withField(stored, directory + 16, 0, 4), /checksum 0x[0-9a-f]{8} of the contents/],
    ['a local header elsewhere', withField(stored, directory + 42, 7, 4), /no local header at offset 7/],
    ['overlapping entries', withField(stored, directory + 42, 194, 4), /overlaps/],
    ['zip64 sizes without their field', withField(stored, directory + 24, 0xffffffff, 4), /zip64 field/],
    ['an impossible size', withField(compressed, compressedDirectory + 24, 0x7fffffff, 4), /cannot become/],
    ['a size too small', withField(compressed, compressedDirectory + 24, 100, 4), /more than 100 bytes/],
    ['a size too large', withField(compressed, compressedDirectory + 24, 200, 4), /inflates to 134 bytes, but 200/],
    ['entries that are not .npy', fixtureBytes('README.md'), /not a zip file/],
  ])('%s', (_, bytes, message) => {
    expect(() => parseNpz(bytes)).toThrow(FormatError);
    expect(() => parseNpz(bytes)).toThrow(message);
  });
});
