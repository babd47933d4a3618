/** Random files of arrays and archives: valid structures whose sizes, names, offsets and counts may be wrong. */

import fc from 'fast-check';
import { gzipSync, zlibSync } from 'fflate';
import { crc32 } from '../../src/formats/crc32.js';
import { concatenated } from '../../src/formats/joined-bytes.js';
import { encodeTar } from '../support/archives.js';
import { encodeMessage } from '../support/caffemodel.js';
import { hostileInteger, length, shape, sometimes } from './hostile-values.js';

const utf8 = new TextEncoder();

/** Names that a table may have by itself, that leave a folder, and that are not names. */
const name = sometimes(
  fc.constantFrom('a', 'b', 'conv1/W', 'x.npy', 'é', 'n'),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    '../up',
    '/root',
    'a/',
    '__metadata__',
    'x'.repeat(300),
    '\u0000',
    'a\\b',
    '.npy',
  ),
  3,
);

const anyShape = sometimes<readonly number[]>(
  shape(0, 4),
  fc.array(
    sometimes(
      length,
      hostileInteger.filter((n) => n >= 0),
      3,
    ),
    { maxLength: 70 },
  ),
  4,
);

/** Bytes that compress well or not. */
const content = fc.record({
  size: fc.constantFrom(0, 1, 4, 24, 48, 96, 1000, 100_000),
  fill: fc.constantFrom(0, 1, 255, 256),
});
type Content = { readonly size: number; readonly fill: number };

const bytesOf = ({ size, fill }: Content): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (fill < 256 ? fill : Math.imul(i + 1, 0x9e3779b1) >>> 24));

export interface NpyCase {
  readonly kind: 'npy';
  readonly version: number;
  readonly descr: string;
  readonly fortran: string;
  readonly shape: readonly number[];
  readonly content: Content;
  /** Whether the elements are as many as the shape asks for, where that is few. */
  readonly fits: boolean;
  readonly header: 'usual' | 'endless' | 'cut' | 'twice' | 'pickle';
}

const DESCRS = [
  '<f4',
  '<f8',
  '>f4',
  '<i8',
  '>i8',
  '|u1',
  '|b1',
  '<f2',
  '<i2',
  '>u2',
  '<u4',
  '<u8',
  '<U3',
  '>U2',
  '|S5',
  '|i1',
];

export const npyCase: fc.Arbitrary<NpyCase> = fc.record({
  kind: fc.constant('npy' as const),
  version: sometimes(fc.constantFrom(1, 2, 3), fc.constantFrom(0, 4, 255), 20),
  descr: sometimes(
    fc.constantFrom(...DESCRS),
    fc.constantFrom('|O', '<c8', '<M8[ns]', '<U999999999', '|S0', '<f0', '|V8', '', '<f4\n', '<i128'),
    5,
  ),
  fortran: sometimes(fc.constantFrom('False', 'True'), fc.constantFrom('None', '1', ''), 20),
  shape: anyShape,
  content,
  fits: sometimes(fc.constant(true), fc.constant(false), 3),
  header: sometimes(fc.constant('usual' as const), fc.constantFrom('endless', 'cut', 'twice', 'pickle'), 8),
});

const MOST_ELEMENTS = 20_000;

export function encodeNpyCase({ version, descr, fortran, shape, content, fits, header }: NpyCase): Uint8Array {
  const width = Number(/\d+/.exec(descr)?.[0] ?? 1) * (descr.includes('U') ? 4 : 1);
  const size = shape.reduce((a, b) => a * b, width);
  const isSmall = fits && size <= MOST_ELEMENTS;
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const text = {
    usual: dict,
    endless: dict + ' '.repeat(20_000),
    cut: dict.slice(0, -5),
    twice: dict + dict,
    pickle: "cos\nsystem\n(S'true'\ntR.",
  }[header];
  const bytes = utf8.encode(text);
  const size16 =
    version === 1
      ? [bytes.length & 255, (bytes.length >> 8) & 255]
      : [0, 8, 16, 24].map((k) => (bytes.length >> k) & 255);
  return concatenated([
    [0x93, ...utf8.encode('NUMPY'), version, 0, ...size16],
    bytes,
    isSmall ? bytesOf({ size, fill: content.fill }) : bytesOf(content),
  ]);
}

interface EntryCase {
  readonly name: string;
  readonly content: Content;
  readonly npy: NpyCase | null;
  readonly method: number;
  readonly flags: number;
  /** Added to what is true. */
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
  readonly crc: number;
  /** Whether sizes stand in a zip64 field. */
  readonly large: boolean;
  /** How often it is in the directory. */
  readonly times: number;
}

export interface ZipCase {
  readonly kind: 'zip';
  readonly entries: readonly EntryCase[];
  readonly count: number;
  readonly directory: number;
  readonly large: boolean;
  readonly comment: number;
  readonly volumes: boolean;
}

const lie = (often: number) =>
  sometimes(fc.constant(0), fc.constantFrom(1, -1, 100, 65_535, 2 ** 31, 2 ** 32 - 1), often);

const entry: fc.Arbitrary<EntryCase> = fc.record({
  name: fc.oneof(
    name,
    name.map((text) => `${text}.npy`),
  ),
  content,
  npy: fc.option(npyCase, { freq: 3 }),
  method: sometimes(fc.constantFrom(0, 8), fc.constantFrom(1, 12, 99), 12),
  flags: sometimes(fc.constant(0), fc.constantFrom(1, 8, 0x800), 12),
  size: lie(16),
  compressedSize: lie(20),
  offset: lie(20),
  crc: sometimes(fc.constant(0), fc.constant(1), 20),
  large: sometimes(fc.constant(false), fc.constant(true), 5),
  times: sometimes(fc.constant(1), fc.constantFrom(0, 2, 3000), 12),
});

export const zipCase: fc.Arbitrary<ZipCase> = fc.record({
  kind: fc.constant('zip' as const),
  entries: fc.array(entry, { maxLength: 4 }),
  count: lie(20),
  directory: lie(20),
  large: sometimes(fc.constant(false), fc.constant(true), 5),
  comment: sometimes(fc.constant(0), fc.constantFrom(5, 65_535), 8),
  volumes: sometimes(fc.constant(false), fc.constant(true), 20),
});

/** Little-endian fields: pairs of a width and a value. */
function fields(...pairs: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(pairs.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of pairs) {
    if (width === 2) out.setUint16(at, value, true);
    else if (width === 4) out.setUint32(at, value, true);
    else out.setBigUint64(at, BigInt(Math.max(0, value)), true);
    at += width;
  }
  return new Uint8Array(out.buffer);
}

/** A raw deflate stream. */
const deflated = (bytes: Uint8Array): Uint8Array => zlibSync(bytes).slice(2, -4);

export function encodeZipCase({ entries, count, directory, large, comment, volumes }: ZipCase): Uint8Array {
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let [at, listed] = [0, 0];
  for (const one of entries) {
    const contents = one.npy ? encodeNpyCase(one.npy) : bytesOf(one.content);
    const data = one.method === 8 ? deflated(contents) : contents;
    const text = utf8.encode(one.name);
    const crc = (crc32(contents) + one.crc) >>> 0;
    const [size, compressed, offset] = [contents.length + one.size, data.length + one.compressedSize, at + one.offset];
    const header = fields(
      [4, 0x04034b50],
      [2, 20],
      [2, one.flags],
      [2, one.method],
      [4, 0],
      [4, crc],
      [4, compressed],
      [4, size],
      [2, text.length],
      [2, 0],
    );
    locals.push(header, text, data);
    const extra = one.large ? fields([2, 1], [2, 24], [8, size], [8, compressed], [8, offset]) : new Uint8Array(0);
    const shown = (value: number) => (one.large ? 0xffffffff : value);
    const record = fields(
      ...([
        [4, 0x02014b50],
        [2, 20],
        [2, 20],
        [2, one.flags],
        [2, one.method],
        [4, 0],
        [4, crc],
        [4, shown(compressed)],
      ] as const),
      ...([
        [4, shown(size)],
        [2, text.length],
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, shown(offset)],
      ] as const),
    );
    for (let k = 0; k < one.times; k++) central.push(record, text, extra);
    listed += one.times;
    at += header.length + text.length + data.length;
  }
  const length = central.reduce((sum, part) => sum + part.length, 0);
  const end64 = large
    ? [
        fields(
          [4, 0x06064b50],
          [8, 44],
          [2, 45],
          [2, 45],
          [4, 0],
          [4, 0],
          [8, listed + count],
          [8, listed + count],
          [8, length],
          [8, at + directory],
        ),
        fields([4, 0x07064b50], [4, 0], [8, at + length + directory], [4, 1]),
      ]
    : [];
  const end = fields(
    [4, 0x06054b50],
    [2, volumes ? 1 : 0],
    [2, 0],
    [2, listed + count],
    [2, listed + count],
    [4, length],
    [4, at + directory],
    [2, comment],
  );
  return concatenated([...locals, ...central, ...end64, end, new Uint8Array(comment)]);
}

export interface SafetensorsCase {
  readonly kind: 'safetensors';
  readonly entries: readonly {
    readonly name: string;
    readonly dtype: unknown;
    readonly shape: unknown;
    readonly fits: boolean;
    readonly offsets: unknown;
  }[];
  readonly metadata: unknown;
  readonly data: number;
  /** Added to the header's length. */
  readonly lie: number;
  readonly form: 'object' | 'list' | 'deep' | 'text' | 'twice';
}

/** Values of JSON that nobody expects. */
const strangeJson = fc.constantFrom<unknown>(
  null,
  'x',
  -1,
  0.5,
  1e300,
  true,
  [],
  {},
  [[1]],
  [-1],
  ['a'],
  [2 ** 53],
  { a: 1 },
  [null],
  [1e308, 1e308],
);

export const safetensorsCase: fc.Arbitrary<SafetensorsCase> = fc.record({
  kind: fc.constant('safetensors' as const),
  entries: fc.array(
    fc.record({
      name,
      dtype: sometimes<unknown>(
        fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'U8', 'BOOL', 'F64'),
        fc.oneof(fc.constantFrom('F8_E4M3', '', '__proto__'), strangeJson),
        8,
      ),
      shape: sometimes<unknown>(shape(0, 3), fc.oneof(anyShape, strangeJson), 8),
      fits: sometimes(fc.constant(true), fc.constant(false), 8),
      offsets: fc.oneof(strangeJson, fc.array(hostileInteger, { maxLength: 3 })),
    }),
    { maxLength: 4 },
  ),
  metadata: fc.oneof(fc.constant(undefined), fc.constant({ by: 'fuzz' }), strangeJson),
  data: sometimes(fc.constant(0), fc.constantFrom(1, -1, 1000), 8),
  lie: sometimes(fc.constant(0), fc.constantFrom(1, -1, 8, 2 ** 31, 2 ** 40), 16),
  form: sometimes(fc.constant('object' as const), fc.constantFrom('list', 'deep', 'text', 'twice'), 12),
});

const WIDTHS: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, I64: 8, U8: 1, BOOL: 1, F64: 8 };

export function encodeSafetensorsCase({ entries, metadata, data, lie: added, form }: SafetensorsCase): Uint8Array {
  let at = 0;
  const members = entries.map(({ name: key, dtype, shape: dims, fits, offsets }) => {
    const size = Array.isArray(dims) ? dims.reduce((a: number, b) => a * Number(b), WIDTHS[String(dtype)] ?? 1) : 0;
    const isSmall = fits && Number.isSafeInteger(size) && size >= 0 && size <= MOST_ELEMENTS;
    const place = isSmall ? [at, at + size] : offsets;
    if (isSmall) at += size;
    return `${JSON.stringify(key)}:${JSON.stringify({ dtype, shape: dims, data_offsets: place })}`;
  });
  if (metadata !== undefined) members.push(`"__metadata__":${JSON.stringify(metadata)}`);
  const object = `{${members.join(',')}}`;
  const text = {
    object,
    list: `[${object}]`,
    deep: `{"a":{"dtype":"F32","shape":${'['.repeat(20_000)}${']'.repeat(20_000)},"data_offsets":[0,0]}}`,
    text: 'hello',
    twice: object + object,
  }[form];
  const header = utf8.encode(text);
  return concatenated([fields([8, header.length + added]), header, new Uint8Array(Math.max(0, at + data))]);
}

/** Everything that is smaller: IDX, gzip, tar, MAT, messages without content, and what other programs write. */
export type SmallCase =
  | {
      readonly kind: 'idx';
      readonly type: number;
      readonly shape: readonly number[];
      readonly data: number;
      readonly zipped: boolean;
      readonly lie: number;
    }
  | {
      readonly kind: 'tar';
      readonly names: readonly string[];
      readonly type: string;
      readonly size: number;
      readonly base256: boolean;
    }
  | {
      readonly kind: 'mat';
      readonly shape: readonly number[];
      readonly flags: number;
      readonly type: number;
      readonly size: number;
      readonly zipped: boolean;
      readonly order: string;
      readonly times: number;
    }
  | {
      readonly kind: 'caffemodel' | 'onnx';
      readonly path: readonly number[];
      readonly times: number;
      readonly packed: readonly number[] | null;
    }
  | { readonly kind: 'foreign'; readonly head: string; readonly length: number };

const HEADS = [
  ...[
    '\x1f\x8b\x08',
    'BZh9',
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    '7z\xbc\xaf\x27\x1c',
    'Rar!',
    '\x89HDF\r\n\x1a\n',
    '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9',
    '\0\0\0\0TFL3',
  ],
  ...[
    '\x93NUMPY\x01\0',
    'MATLAB 5.0 MAT-file',
    'MATLAB 7.3 MAT-file',
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff',
    'GIF89a',
    'RIFF\0\0\0\0WEBP',
    'II*\0',
    '%PDF-1.4',
    '\0asm',
    '\x7fELF',
  ],
  ...[
    'version https://git-lfs.github.com/spec/v1\n',
    '<!DOCTYPE html><html>',
    '<svg xmlns="a">',
    '<?xml version="1.0"?>',
    '{"modelTopology": {}}',
    '[1, 2',
    'name: "net"\n',
    'hello\n',
    '',
  ],
  ...[
    'PK\x03\x04 data.pkl',
    'PK\x03\x04 config.json',
    'PK\x03\x04 a.npy',
    'PK\x05\x06',
    '\x80\x04\x95',
    '\x10\0\0\0\0\0\0\0{"a"',
    '\0\0\0\x20ftypavif',
    'BM\0\0\0\0\0\0\0\0',
  ],
] as const;

export const smallCase: fc.Arbitrary<SmallCase> = fc.oneof(
  fc.record({
    kind: fc.constant('idx' as const),
    type: sometimes(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.constantFrom(0, 10, 255), 10),
    shape: sometimes<readonly number[]>(
      shape(0, 4),
      fc.array(fc.constantFrom(0, 1, 65_536, 2 ** 31, 2 ** 32 - 1), { maxLength: 255 }),
      4,
    ),
    data: sometimes(fc.constant(0), fc.constantFrom(1, -1, 1000), 8),
    zipped: fc.boolean(),
    lie: lie(8),
  }),
  fc.record({
    kind: fc.constant('tar' as const),
    names: fc.array(name, { maxLength: 4 }),
    type: sometimes(fc.constant('0'), fc.constantFrom('L', 'x', '5', '2', '\0', '7', 'g'), 2),
    size: lie(8),
    base256: sometimes(fc.constant(false), fc.constant(true), 4),
  }),
  fc.record({
    kind: fc.constant('mat' as const),
    shape: sometimes<readonly number[]>(
      shape(0, 3),
      fc.array(fc.constantFrom(0, 1, 65_536, 2 ** 31, 2 ** 32 - 1), { maxLength: 40 }),
      4,
    ),
    flags: sometimes(fc.constantFrom(6, 7, 9, 8), fc.constantFrom(0, 1, 4, 0x0806, 255), 6),
    type: sometimes(fc.constantFrom(1, 2, 3, 5, 7, 9), fc.constantFrom(0, 14, 15, 18, 99), 8),
    size: lie(8),
    zipped: fc.boolean(),
    order: sometimes(fc.constant('IM'), fc.constantFrom('MI', 'XX'), 8),
    times: sometimes(fc.constant(1), fc.constantFrom(0, 2, 2000), 8),
  }),
  fc.record({
    kind: fc.constantFrom('caffemodel' as const, 'onnx' as const),
    // Fields that are messages within messages, in one of the two formats.
    path: fc.constantFrom<readonly number[]>(
      [100],
      [2],
      [100, 7],
      [100, 106],
      [2, 6],
      [7],
      [7, 1],
      [7, 5],
      [7, 11],
      [7, 12],
      [7, 1, 5],
      [7, 1, 5, 5],
      [8],
      [7, 11, 2],
      [100, 3],
    ),
    times: fc.constantFrom(1, 2, 100, 20_000, 200_000),
    packed: fc.option(fc.array(fc.constantFrom(0, 1, 127, 2 ** 31, 2 ** 53), { maxLength: 5 }), { freq: 2 }),
  }),
  fc.record({
    kind: fc.constant('foreign' as const),
    head: fc.constantFrom(...HEADS),
    length: fc.constantFrom(0, 1, 20, 600, 5000),
  }),
);

/** A number as protocol buffers write lengths. */
function varint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)];
}

/** A message whose innermost field comes many times. Made of bytes, so that making it takes no memory to speak of. */
function repeatedMessage(path: readonly number[], times: number, packed: readonly number[] | null): Uint8Array {
  const [last, ...outer] = [...path].reverse();
  const one = encodeMessage([[last, packed ?? []]]);
  const all = new Uint8Array(one.length * times);
  for (let k = 0; k < times; k++) all.set(one, k * one.length);
  return outer.reduce((inner, field) => concatenated([varint(field * 8 + 2), varint(inner.length), inner]), all);
}

function matElement(type: number, data: Uint8Array, added = 0): Uint8Array {
  return concatenated([fields([4, type], [4, data.length + added]), data, new Uint8Array((8 - (data.length % 8)) % 8)]);
}

export function encodeSmallCase(value: SmallCase): Uint8Array {
  switch (value.kind) {
    case 'idx': {
      const widths: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };
      const size = value.shape.reduce((a, b) => a * b, widths[value.type] ?? 1);
      const sizes = value.shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
      const idx = concatenated([
        [0, 0, value.type, value.shape.length],
        sizes,
        new Uint8Array(Math.max(0, Math.min(size, MOST_ELEMENTS) + value.data)),
      ]);
      if (!value.zipped) return idx;
      const zipped = gzipSync(idx, { mtime: 0, filename: 'images' });
      const view = new DataView(zipped.buffer);
      view.setUint32(zipped.length - 4, idx.length + value.lie, true);
      return zipped;
    }
    case 'tar': {
      const archive = encodeTar(
        Object.fromEntries(value.names.map((key) => [key.slice(0, 90), Uint8Array.of(1, 2, 3)])),
      );
      if (archive.length <= 1024) return archive;
      archive[156] = value.type.charCodeAt(0);
      if (value.base256) archive.set([0x80, 0, 0, 0, 0, 0, 0, 0, ...fields([4, 3 + value.size]).reverse()], 124);
      const sum = archive.subarray(0, 512).reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
      archive.set(utf8.encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
      return archive;
    }
    case 'mat': {
      const dimensions = concatenated(value.shape.map((n) => fields([4, n])));
      const size = Math.min(
        value.shape.reduce((a, b) => a * b, 8),
        MOST_ELEMENTS,
      );
      const matrix = matElement(
        14,
        concatenated([
          matElement(6, fields([4, value.flags], [4, 0])),
          matElement(5, dimensions),
          matElement(1, utf8.encode('X')),
          matElement(value.type, new Uint8Array(size), value.size),
        ]),
      );
      const packed = zlibSync(matrix);
      const one = value.zipped ? concatenated([fields([4, 15], [4, packed.length]), packed]) : matrix;
      return concatenated([
        utf8.encode('MATLAB 5.0 MAT-file'.padEnd(124)),
        [0, 1],
        utf8.encode(value.order),
        ...new Array<Uint8Array>(value.times).fill(one),
      ]);
    }
    case 'caffemodel':
    case 'onnx':
      return repeatedMessage(value.path, value.times, value.packed);
    case 'foreign':
      return concatenated([Array.from(value.head, (c) => c.charCodeAt(0)), new Uint8Array(value.length)]);
    default:
      return value satisfies never;
  }
}
