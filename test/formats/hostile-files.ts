/**
 * Files of less than 1 MB that ask for far more memory, each in the smallest form of its kind, with the expected
 * error. They are built from the formats' definitions, not by the writers of the library.
 */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { crc32 } from '../../src/formats/crc32.js';
import type { ReaderName } from './hostile-child.js';

/** A file, what reads it, and what must be in the message of the FormatError. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly read: ReaderName;
  readonly message: RegExp;
}

const cat = (...parts: readonly (ArrayLike<number> | string)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      return part instanceof Uint8Array ? part : Uint8Array.from(part);
    }),
  );

const two = (n: number) => [n >> 8, n & 255];
const four = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const little2 = (n: number) => two(n).reverse();
const little4 = (n: number) => four(n).reverse();

// JPEG

const segment = (marker: number, ...data: ArrayLike<number>[]) => {
  const body = cat(...data);
  return cat([0xff, marker], two(body.length + 2), body);
};
/** A Huffman code whose only word is a bit 0. */
const code = (kind: number, symbol = 0) => segment(0xc4, [kind, 1], new Uint8Array(15), [symbol]);

const PROGRESSIVE = 0xc2;
/** Followed by 14 bits: 16,384 blocks and as many more have no coefficients. */
const RUN = 0xe0;

/** A picture of components that share tables; scans are pairs of header and data. */
function jpeg(
  marker: number,
  side: number,
  components: number,
  scans: (readonly [readonly number[], ArrayLike<number>])[],
) {
  const frame = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat();
  return cat(
    [0xff, 0xd8],
    segment(0xdb, [0], new Uint8Array(64).fill(1)),
    segment(marker, [8], two(side), two(side), [components], frame),
    code(0x00),
    code(0x10, marker === PROGRESSIVE ? RUN : 0),
    ...scans.flatMap(([header, data]) => [segment(0xda, header), data]),
    [0xff, 0xd9],
  );
}
const ALL = [3, 1, 0, 2, 0, 3, 0];
const baseline = (side: number, bytes: number) => jpeg(0xc0, side, 3, [[[...ALL, 0, 63, 0], new Uint8Array(bytes)]]);

/** A scan of AC coefficients that are all 0. */
const runs = (blocks: number) => new Uint8Array(2 * Math.ceil(blocks / 16_384) + 4);

// PNG

const chunk = (type: string, data: ArrayLike<number> = []) => {
  const body = cat(type, data);
  return cat(four(body.length - 4), body, four(crc32(body)));
};
const png = (width: number, height: number, depth: number, colours: number, ...chunks: Uint8Array[]) =>
  cat(
    '\x89PNG\r\n\x1a\n',
    chunk('IHDR', [...four(width), ...four(height), depth, colours, 0, 0, 0]),
    ...chunks,
    chunk('IEND'),
  );
const zeros = (bytes: number) => deflateSync(new Uint8Array(bytes));
const damagedEnd = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));

// Archives

interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly size: number;
  readonly crc: number;
  /** Where the local header is. Default: behind the entry before. */
  readonly at?: number;
}

const deflated = (name: string, contents: Uint8Array, crc = crc32(contents)): Entry => ({
  name,
  data: deflateRawSync(contents),
  size: contents.length,
  crc,
});

function zip(entries: readonly Entry[], count = entries.length): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let end = 0;
  for (const { name, data, size, crc, at = end } of entries) {
    const fields = [
      little2(8),
      little4(0),
      little4(crc),
      little4(data.length),
      little4(size),
      little2(name.length),
    ].flat();
    const local = cat('PK\x03\x04', little2(20), little2(0), fields, little2(0), name, data);
    if (at === end) {
      parts.push(local);
      end += local.length;
    }
    central.push(cat('PK\x01\x02', little4(20), little2(0), fields, new Uint8Array(12), little4(at), name));
  }
  const directory = cat(...central);
  const last = [little2(0), little2(0), little2(count), little2(count), little4(directory.length), little4(end)].flat();
  return cat(...parts, directory, 'PK\x05\x06', last, little2(0));
}

const npyHeader = (dict: string) => {
  const text = `${dict}\n`;
  return cat('\x93NUMPY\x01\0', little2(text.length), text);
};
const npyOf = (descr: string, shape: string) =>
  npyHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`);

const safetensors = (header: string, size = 0) =>
  cat(little4(header.length), [0, 0, 0, 0], header, new Uint8Array(size));

/** A MAT-file of one compressed element, which begins with a tag. */
function mat(tag: readonly number[], contents: Uint8Array, ...more: ArrayLike<number>[]) {
  const compressed = deflateSync(cat(tag, contents));
  const header = cat('MATLAB 5.0 MAT-file'.padEnd(126), 'IM');
  return cat(header, little4(15), little4(compressed.length), compressed, ...more);
}

// Protocol buffers

const bytesField = (number: number, body: ArrayLike<number> | string): Uint8Array => {
  const contents = cat(body);
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
  return cat(varint(8 * number + 2), varint(contents.length), contents);
};
const repeat = (part: Uint8Array, most: number): Uint8Array => {
  const out = new Uint8Array(Math.floor(most / part.length) * part.length);
  for (let at = 0; at < out.length; at += part.length) out.set(part, at);
  return out;
};
/** Makes the table. It takes time and memory that the readers do not. */
export function hostileFiles(): HostileFile[] {
  const flat = zeros(12_001 * 4000);
  const zeroes = new Uint8Array(60_000_000);
  return [
    {
      name: 'JPEG beyond the pixels',
      bytes: baseline(11_585, 66_000),
      read: 'picture',
      message: /limits\.pixels \(100 M\)/,
    },
    { name: 'JPEG of the largest sides', bytes: baseline(65_535, 900_000), read: 'picture', message: /limits\.pixels/ },
    {
      name: 'JPEG of too few bytes',
      bytes: baseline(10_000, 66_000),
      read: 'picture',
      message: /66000 bytes hold fewer/,
    },
    {
      name: 'JPEG whose last block is missing',
      bytes: jpeg(0xc0, 8000, 1, [[[1, 1, 0, 0, 63, 0], cat(new Uint8Array(249_990), new Uint8Array(10).fill(0x7f))]]),
      read: 'picture',
      message: /breaks off|not a codeword/,
    },
    {
      name: 'JPEG of a scan for each pair of bits',
      bytes: jpeg(PROGRESSIVE, 10_000, 1, [
        [[1, 1, 0, 0, 0, 0], new Uint8Array(195_313)],
        ...Array.from({ length: 120 }, () => [[1, 1, 0, 1, 63, 0], runs(1_562_500)] as const),
      ]),
      read: 'picture',
      message: /more than 100 scans/,
    },
    {
      name: 'JPEG of scans that say the same',
      bytes: jpeg(PROGRESSIVE, 10_000, 1, [
        [[1, 1, 0, 0, 0, 0], new Uint8Array(195_313)],
        ...Array.from({ length: 90 }, () => [[1, 1, 0, 1, 63, 0], runs(1_562_500)] as const),
      ]),
      read: 'picture',
      message: /not allowed there/,
    },
    {
      name: 'JPEG of tables alone',
      bytes: cat([0xff, 0xd8], repeat(segment(0xc4), 900_000), [0xff, 0xd9]),
      read: 'picture',
      message: /tables/,
    },
    {
      name: 'PNG beyond the pixels',
      bytes: png(11_585, 11_585, 1, 0, chunk('IDAT', zeros(1450 * 11_585))),
      read: 'picture',
      message: /limits\.pixels/,
    },
    {
      name: 'PNG of one endless row',
      bytes: png(99_000_000, 1, 16, 6, chunk('IDAT', zeros(1000))),
      read: 'picture',
      message: /its sides/,
    },
    {
      name: 'PNG whose checksum is wrong behind 48 MB',
      bytes: png(4000, 4000, 8, 2, chunk('IDAT', damagedEnd(flat))),
      read: 'picture',
      message: /stream of \d+ bytes is broken/,
    },
    {
      name: 'PNG that is a row too short',
      bytes: png(4000, 4000, 8, 2, chunk('IDAT', zeros(12_001 * 3999))),
      read: 'picture',
      message: /inflates to 47991999 bytes, but 48004000/,
    },
    {
      name: 'PNG whose last colour is not in its palette',
      bytes: png(6000, 6000, 8, 3, chunk('PLTE', [1, 2, 3]), chunk('IDAT', deflateSync(lastIs(6001 * 6000, 1)))),
      read: 'picture',
      message: /colour 1 of a palette of 1/,
    },
    {
      name: 'PNG of empty chunks',
      bytes: png(9000, 9000, 8, 2, repeat(chunk('IDAT'), 900_000)),
      read: 'picture',
      message: /0 compressed bytes cannot become/,
    },
    {
      name: 'npy of a shape beyond numbers',
      bytes: cat(npyOf('<f4', '(1152921504606846976,)'), new Uint8Array(4)),
      read: 'npy',
      message: /out of range/,
    },
    {
      name: 'npy of a product beyond numbers',
      bytes: cat(npyOf('<f4', `(${'2147483648, '.repeat(60)})`), new Uint8Array(4)),
      read: 'npy',
      message: /takes .* bytes, but 4 follow/,
    },
    {
      name: 'npy of tuples in tuples',
      bytes: npyHeader(`{'shape': ${'('.repeat(9000)}`),
      read: 'npy',
      message: /header has no size/,
    },
    {
      name: 'npy of a pickle for many',
      bytes: cat(npyOf('|O', '(1000000000,)'), new Uint8Array(900_000)),
      read: 'npy',
      message: /limits\.elements/,
    },
    {
      name: 'npz beyond the bytes',
      bytes: zip([{ ...deflated('a.npy', zeroes), size: 800_000_000, data: new Uint8Array(900_000) }]),
      read: 'npz',
      message: /needs 800 MB, more than limits\.bytes \(268 MB\)/,
    },
    {
      name: 'npz of entries that together are beyond the bytes',
      bytes: zip(Array.from({ length: 5 }, (_, i) => deflated(`${i}.npy`, zeroes))),
      read: 'npz',
      message: /limits\.bytes/,
    },
    {
      name: 'npz of zeros that are not an array',
      bytes: zip([deflated('a.npy', zeroes)]),
      read: 'npz',
      message: /not a \.npy file/,
    },
    {
      name: 'npz whose array is not of its shape',
      bytes: zip([deflated('a.npy', cat(npyOf('<f4', '(5,)'), zeroes))]),
      read: 'npz',
      message: /takes 20 bytes, but 60000000 follow/,
    },
    {
      name: 'npz whose checksum is wrong behind 60 MB',
      bytes: zip([deflated('a.npy', cat(npyOf('|u1', '(60000000,)'), zeroes), 1)]),
      read: 'npz',
      message: /checksum/,
    },
    {
      name: 'npz of many texts',
      bytes: zip([deflated('a.npy', cat(npyOf('|S2', '(30000000,)'), zeroes))]),
      read: 'npz',
      message: /limits\.elements/,
    },
    {
      name: 'zip whose entries are one',
      bytes: zip(Array.from({ length: 9000 }, (_, i) => ({ ...deflated(`${i}.npy`, new Uint8Array(9000)), at: 0 }))),
      read: 'npz',
      message: /overlaps the entry before/,
    },
    {
      name: 'zip that counts more entries',
      bytes: zip([deflated('a.npy', zeroes)], 65_534),
      read: 'npz',
      message: /does not fit/,
    },
    {
      name: 'zip of pictures beyond the bytes',
      bytes: zip([deflated('a.png', zeroes)]),
      read: 'pictures',
      message: /limits\.bytes \(33\.6 MB\)/,
    },
    { name: 'gzip of zeros', bytes: gzipSync(zeroes), read: 'idx', message: /limits\.bytes \(33\.6 MB\)/ },
    {
      name: 'safetensors of a deep shape',
      bytes: safetensors(
        `{"a":{"dtype":"F32","data_offsets":[0,4],"shape":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`,
        4,
      ),
      read: 'safetensors',
      message: /nested 400002 deep, more than limits\.depth \(100\)/,
    },
    {
      name: 'safetensors of an endless shape',
      bytes: safetensors(`{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[${'1,'.repeat(400_000)}1]}}`, 4),
      read: 'safetensors',
      message: /'a': a list of 400001 is not a shape/,
    },
    {
      name: 'safetensors of many names',
      bytes: safetensors(`{${Array.from({ length: 90_000 }, (_, i) => `"${i}":{}`).join()}}`),
      read: 'safetensors',
      message: /is not a shape|no object/,
    },
    {
      name: 'safetensors of a long name',
      bytes: safetensors(`{"${'\u001b'.charCodeAt(0).toString().repeat(400_000)}":1}`),
      read: 'safetensors',
      message: /…'/,
    },
    {
      name: 'MAT-file beyond the bytes',
      bytes: mat([...little4(14), ...little4(zeroes.length)], zeroes),
      read: 'mat',
      message: /limits\.bytes \(33\.6 MB\)/,
    },
    {
      name: 'tar of a name that has no end',
      bytes: repeat(cat('x'.repeat(100), new Uint8Array(412)), 900_000),
      read: 'tar',
      message: /no tar header/,
    },
    {
      name: 'caffemodel of empty layers',
      bytes: repeat(cat([0xa2, 0x06, 0]), 999_999),
      read: 'caffemodel',
      message: /limits\.nodes/,
    },
    {
      name: 'caffemodel of empty old layers',
      bytes: repeat(bytesField(2, ''), 999_999),
      read: 'caffemodel',
      message: /limits\.nodes/,
    },
    {
      name: 'caffemodel of empty arrays',
      bytes: bytesField(2, repeat(bytesField(6, ''), 900_000)),
      read: 'caffemodel',
      message: /a list has more than 64 items/,
    },
    {
      name: 'caffemodel of unknown types',
      bytes: repeat(bytesField(100, bytesField(2, 'Nothing')), 999_999),
      read: 'caffemodel',
      message: /limits\.nodes/,
    },
    {
      name: 'caffemodel of bottoms',
      bytes: bytesField(100, cat(bytesField(2, 'Concat'), repeat(bytesField(3, 'x'), 900_000))),
      read: 'caffemodel',
      message: /limits\.nodes/,
    },
  ];
}

function lastIs(length: number, value: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[length - 1] = value;
  return bytes;
}

/** Flat pictures of many pixels in small files, with the bytes that they become. */
export function honestFiles(): (Pick<HostileFile, 'name' | 'bytes' | 'read'> & { readonly pixels: number })[] {
  const side = 3520;
  const flat = (bytes: number) => chunk('IDAT', zeros((bytes + 1) * side));
  return [
    { name: 'JPEG', bytes: baseline(side, (3 * 2 * (side / 8) ** 2) / 8 + 1), read: 'picture', pixels: 3 * side ** 2 },
    {
      name: 'progressive JPEG',
      bytes: jpeg(PROGRESSIVE, side, 1, [
        [[1, 1, 0, 0, 0, 1], new Uint8Array((side / 8) ** 2 / 8 + 1)],
        [[1, 1, 0, 1, 63, 0], runs((side / 8) ** 2)],
        [[1, 1, 0, 0, 0, 0x10], new Uint8Array((side / 8) ** 2 / 8 + 1)],
      ]),
      read: 'picture',
      pixels: side ** 2,
    },
    { name: 'PNG of colours', bytes: png(side, side, 8, 2, flat(3 * side)), read: 'picture', pixels: 3 * side ** 2 },
    { name: 'PNG of 16 bits', bytes: png(side, side, 16, 6, flat(8 * side)), read: 'picture', pixels: 4 * side ** 2 },
    {
      name: 'PNG of a palette',
      bytes: png(side, side, 1, 3, chunk('PLTE', [9, 8, 7]), flat(Math.ceil(side / 8))),
      read: 'picture',
      pixels: 3 * side ** 2,
    },
  ];
}
