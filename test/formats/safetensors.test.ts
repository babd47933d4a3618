/** safetensors files. Oracle: a file that the format's own implementation (0.8.0, for NumPy) wrote, and its rules. */
import { describe, expect, test } from 'vitest';
import { DTypeError, FormatError, ShapeError, ValueError } from '../../src/errors.js';
import type { HostArray } from '../../src/formats/host-array.js';
import { encodeSafetensors, parseSafetensors } from '../../src/formats/safetensors.js';

const REFERENCE = Uint8Array.from(
  atob(
    'qAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJtYWRlIGJ5IjoibnVtcHkifSwibiI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbXSwiZGF0YV9vZmZz' +
      'ZXRzIjpbMCw4XX0sImUiOnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzgsOF19LCJ3Ijp7ImR0eXBlIjoiRjMy' +
      'Iiwic2hhcGUiOlsxLDNdLCJkYXRhX29mZnNldHMiOls4LDIwXX0sImkiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMi' +
      'OlsyMCwyNF19LCJoIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjhdfSwidSI6eyJkdHlwZSI6IlU4Iiwi' +
      'c2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjgsMzBdfSwibSI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlsz' +
      'MCwzM119fSAgICAg+f////////8AAMA/AAAAwAAAgD77////ADj/+wH/AQAB',
  ),
  (c) => c.charCodeAt(0),
);

/** What the reference holds, in its order. */
const ARRAYS: [string, HostArray][] = [
  ['n', { shape: [], dtype: 'int64', data: BigInt64Array.of(-7n) }],
  ['e', { shape: [0, 3], dtype: 'float64', data: new Float64Array(0) }],
  ['w', { shape: [1, 3], dtype: 'float32', data: Float32Array.of(1.5, -2, 0.25) }],
  ['i', { shape: [1], dtype: 'int32', data: Int32Array.of(-5) }],
  ['h', { shape: [2], dtype: 'float16', data: Float32Array.of(0.5, -65504) }],
  ['u', { shape: [2], dtype: 'uint8', data: Uint8Array.of(1, 255) }],
  ['m', { shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) }],
];

test('reads what the format’s own implementation wrote', () => {
  const { arrays, metadata } = parseSafetensors(REFERENCE);
  expect([...arrays]).toEqual(ARRAYS);
  expect(metadata).toEqual({ 'made by': 'numpy' });
});

describe('encodeSafetensors', () => {
  test('gives the same bytes as the format’s own implementation', () => {
    expect(encodeSafetensors(ARRAYS, { 'made by': 'numpy' })).toEqual(REFERENCE);
  });

  test('bfloat16, wide names, no metadata, no arrays', () => {
    const array: HostArray = { shape: [2], dtype: 'bfloat16', data: Float32Array.of(1.5, -3) };
    const bytes = encodeSafetensors({ 'é/W': array });
    expect(parseSafetensors(bytes)).toEqual({ arrays: new Map([['é/W', array]]), metadata: {} });
    expect(parseSafetensors(encodeSafetensors({}))).toEqual({ arrays: new Map(), metadata: {} });
  });

  test('names that objects have already are names like others', () => {
    const array: HostArray = { shape: [], dtype: 'uint8', data: Uint8Array.of(3) };
    const names = ['__proto__', 'toString', 'constructor'];
    const { arrays } = parseSafetensors(encodeSafetensors(names.map((name) => [name, array] as const)));
    expect([...arrays.keys()].sort()).toEqual(names.sort());
  });

  test('refuses arrays that it cannot write', () => {
    const [, array] = ARRAYS[0];
    expect(() => encodeSafetensors({ s: { shape: [], dtype: 'str', data: ['a'] } })).toThrow(DTypeError);
    expect(() => encodeSafetensors({ x: { shape: [2], dtype: 'uint8', data: new Uint8Array(3) } })).toThrow(ShapeError);
    expect(() => encodeSafetensors({ __metadata__: array })).toThrow(ValueError);
    expect(() =>
      encodeSafetensors([
        ['n', array],
        ['n', array],
      ]),
    ).toThrow("'n' is taken");
  });
});

describe('parseSafetensors refuses with a FormatError', () => {
  /** A file with this header and so many bytes of zeros. */
  const file = (header: unknown, size = 0) => {
    const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
    return Uint8Array.from([
      text.length & 255,
      text.length >> 8,
      0,
      0,
      0,
      0,
      0,
      0,
      ...text,
      ...new Array(size).fill(0),
    ]);
  };
  const at = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /0 bytes are not a safetensors file/],
    ['a header beyond the file', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123), /header of 9 bytes does not fit/],
    ['a huge header', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255, 123), /does not fit/],
    ['a header that is not JSON', file('{"a": '), /not JSON/],
    ['a header that is a list', file([]), /not a JSON object/],
    ['an entry that is a number', file({ a: 1 }), /'a': its header entry is not an object/],
    ['a dtype to come', file({ a: { ...at(0, 4), dtype: 'F8_E5M2' } }, 4), /dtype 'F8_E5M2' is not supported/],
    ['negative sizes', file({ a: at(0, 4, [-1]) }, 4), /\[-1\] is not a shape/],
    ['sizes beyond 2^53', file({ a: at(0, 4, [2 ** 60]) }, 4), /is not a shape/],
    ['one offset', file({ a: { ...at(0, 4), data_offsets: [0] } }, 4), /\[0\] are not offsets/],
    ['offsets that fall', file({ a: at(4, 0, [1]) }, 4), /span -4/],
    ['a shape that is not what the offsets span', file({ a: at(0, 4, [3]) }, 4), /takes 12 bytes.*span 4/],
    ['a product that overflows', file({ a: at(0, 4, [2 ** 50, 2 ** 50, 2 ** 50]) }, 4), /span 4/],
    ['overlaps', file({ a: at(0, 8), b: at(4, 12) }, 12), /'b': at offset 4 it overlaps the array before/],
    ['holes', file({ a: at(0, 4), b: at(8, 12) }, 12), /'b': at offset 8 it leaves a hole/],
    ['bytes that belong to none', file({ a: at(0, 4) }, 8), /take 4 bytes, but 8 follow/],
    ['arrays beyond the end', file({ a: at(0, 8) }, 4), /take 8 bytes, but 4 follow/],
    ['metadata that is not strings', file({ __metadata__: { a: 1 } }), /does not hold strings/],
  ])('%s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(FormatError);
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });
});
