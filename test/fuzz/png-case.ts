/** Random PNGs: valid chunks with correct checksums, and headers, palettes and lengths that may be wrong. */
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { crc32 } from '../../src/formats/crc32.js';
import { concatenated } from '../../src/formats/joined-bytes.js';
import { sometimes } from './hostile-values.js';

export interface PngCase {
  readonly kind: 'png';
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlace: number;
  /** Compression and filter method: 0 in all files. */
  readonly methods: number;
  /** Entries of the palette, and of the alphas; null for no such chunk. */
  readonly palette: number | null;
  readonly alphas: number | null;
  /** Bytes of the pixels that are there, as a share of what the header asks for. */
  readonly share: number;
  /** The filter of each row, or of all. */
  readonly filter: number;
  readonly fill: number;
  readonly level: 0 | 6;
  /** How many chunks the compressed bytes are cut into. */
  readonly pieces: number;
  /** The change to the list of chunks. */
  readonly order: 'usual' | 'twice' | 'no end' | 'reversed' | 'data first' | 'texts between';
  /** Added to a chunk's length. */
  readonly lie: number;
  readonly checksums: boolean;
}

const side = sometimes(
  fc.constantFrom(1, 2, 3, 7, 8, 9, 16, 33, 100),
  fc.constantFrom(0, 1000, 5000, 20_000, 65_535, 999_999, 1_000_001, 2 ** 31 - 1, 2 ** 32 - 1),
  5,
);

export const pngCase: fc.Arbitrary<PngCase> = fc.record({
  kind: fc.constant('png' as const),
  width: side,
  height: side,
  depth: sometimes(fc.constantFrom(8, 8, 8, 1, 2, 4, 16), fc.constantFrom(0, 3, 7, 32, 255), 12),
  colourType: sometimes(fc.constantFrom(0, 2, 3, 4, 6), fc.constantFrom(1, 5, 7, 255), 12),
  interlace: sometimes(fc.constantFrom(0, 1), fc.constantFrom(2, 255), 20),
  methods: sometimes(fc.constant(0), fc.constantFrom(1, 255), 30),
  palette: sometimes(fc.constantFrom(2, 16, 256), fc.constantFrom(null, 0, 257, 1000), 6),
  alphas: sometimes(fc.constant(null), fc.constantFrom(0, 1, 2, 6, 256, 300), 3),
  share: sometimes(fc.constant(1), fc.constantFrom(0, 0.5, 0.99, 1.01, 2, 100), 5),
  filter: sometimes(fc.integer({ min: 0, max: 4 }), fc.constantFrom(5, 255), 12),
  fill: fc.constantFrom(0, 1, 85, 255),
  level: fc.constantFrom(0, 6),
  pieces: fc.constantFrom(1, 1, 2, 9),
  order: sometimes(
    fc.constant('usual' as const),
    fc.constantFrom('twice', 'no end', 'reversed', 'data first', 'texts between'),
    6,
  ),
  lie: sometimes(fc.constant(0), fc.constantFrom(1, -1, 2 ** 31, 2 ** 32 - 1), 20),
  checksums: sometimes(fc.constant(true), fc.constant(false), 30),
});

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** No case has more bytes of pixels before they are compressed: what a file may cost is promised for those under 1 MB. */
const MOST_PIXEL_BYTES = 900_000;

/** Rows of pixels, each behind its filter, for a picture or the seven of Adam7 (about as many bytes). */
function rows({ width, height, depth, colourType, interlace, share, filter, fill }: PngCase): Uint8Array {
  const rowBytes = 1 + Math.ceil((width * depth * (SAMPLES[colourType] ?? 1)) / 8);
  const passes =
    interlace === 1
      ? adam7(width, height).map(([w, h]) => [1 + Math.ceil((w * depth * (SAMPLES[colourType] ?? 1)) / 8), h])
      : [[rowBytes, height]];
  const total = passes.reduce((sum, [bytes, count]) => sum + bytes * count, 0);
  const out = new Uint8Array(Math.min(Math.ceil(total * share), MOST_PIXEL_BYTES)).fill(fill);
  let at = 0;
  for (const [bytes, count] of passes) {
    for (let row = 0; row < count && at < out.length; row++, at += bytes)
      out[at] = filter > 4 ? filter : (filter + row) % 5;
  }
  return out;
}

/** The sizes of Adam7's passes that have pixels. */
function adam7(width: number, height: number): [number, number][] {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return passes
    .map(([x, y, dx, dy]): [number, number] => [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)])
    .filter(([w, h]) => w > 0 && h > 0);
}

function chunk(type: string, data: Uint8Array, lie = 0, isRight = true): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length + lie);
  out.set(
    Array.from(type, (c) => c.charCodeAt(0)),
    4,
  );
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)) + (isRight ? 0 : 1));
  return out;
}

export function encodePngCase(value: PngCase): Uint8Array {
  const {
    width,
    height,
    depth,
    colourType,
    interlace,
    methods,
    palette,
    alphas,
    level,
    pieces,
    order,
    lie,
    checksums,
  } = value;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, methods, methods, interlace], 8);
  const compressed = zlibSync(rows(value), { level });
  const piece = Math.ceil(compressed.length / pieces);
  const data = Array.from({ length: pieces }, (_, k) =>
    chunk('IDAT', compressed.slice(k * piece, (k + 1) * piece), k === pieces - 1 ? lie : 0, checksums),
  );
  const start = [chunk('IHDR', header)];
  const colours = [
    ...(palette === null ? [] : [chunk('PLTE', new Uint8Array(3 * palette).fill(90))]),
    ...(alphas === null ? [] : [chunk('tRNS', new Uint8Array(alphas).fill(128))]),
  ];
  const end = [chunk('IEND', new Uint8Array(0))];
  const text = chunk('tEXt', new Uint8Array(20));
  const chunks = {
    usual: [...start, ...colours, ...data, ...end],
    twice: [...start, ...start, ...colours, ...colours, ...data, ...data, ...end],
    'no end': [...start, ...colours, ...data],
    reversed: [...end, ...data, ...colours, ...start],
    'data first': [...start, ...data, ...colours, ...end],
    'texts between': [...start, text, ...colours, ...data.flatMap((one) => [one, text]), ...end],
  }[order];
  return concatenated([[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], ...chunks]);
}
