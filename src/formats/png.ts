/**
 * PNG files to bytes of pixels (PNG specification, third edition; ISO/IEC 15948). A palette of one to eight bits becomes colours,
 * grey levels of less than a byte are spread to 0 … 255, and of 16 bits the upper half is kept. What a header declares is
 * judged by the bytes that there are before memory is taken for it. It knows no other format.
 */
import { joined } from '../backends/bytes.js';
import { FormatError } from '../errors.js';
import { checkPictureSize, type HostImage } from './host-image.js';
import { checkCrc } from './inflate.js';
import { PNG_SIGNATURE } from './picture-signatures.js';
import { unzlib } from './unzlib.js';

/** Samples of a pixel, and the depths that it may have, by colour type. */
const COLOUR_TYPES: ReadonlyMap<number, { samples: number; depths: readonly number[] }> = new Map([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [3, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }],
]);
const PALETTE = 3;

/** The pixels of a pass over the picture: every `dx`-th of every `dy`-th row, from (x, y) on. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const PROGRESSIVE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** Adam7: which pass a pixel belongs to, by its place in squares of 8 × 8. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly samples: number;
  readonly passes: readonly Pass[];
}

/** A file taken apart: its header, its palette with or without alphas, and its compressed pixels. */
interface Chunks {
  readonly header: Header;
  readonly palette: Uint8Array | null;
  readonly alphas: Uint8Array | null;
  readonly compressed: Uint8Array;
}

function parseHeader(data: Uint8Array, what: string, maxPixels: number): Header {
  if (data.length !== 13) throw new FormatError(`${what}: a PNG header of ${data.length} bytes, expected 13`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, compression, filter, interlace] = data.subarray(8);
  const kind = COLOUR_TYPES.get(colourType);
  if (!kind?.depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw new FormatError(
      `${what}: a PNG of colour type ${colourType}, depth ${depth}, compression ${compression}, filter ${filter} and ` +
        `interlacing ${interlace} is not known`,
    );
  }
  checkPictureSize(what, width, height, maxPixels);
  return { width, height, depth, colourType, samples: kind.samples, passes: interlace === 1 ? ADAM7 : PROGRESSIVE };
}

/** Takes a file apart. Chunks that do not change pixels are passed over. */
function parseChunks(bytes: Uint8Array, what: string, maxPixels: number): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let header: Header | null = null;
  let palette: Uint8Array | null = null;
  let alphas: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (let at = PNG_SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw new FormatError(`${what}: the PNG ends at byte ${bytes.length}, within a chunk`);
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      throw new FormatError(`${what}: a PNG chunk of ${length} bytes at byte ${at} of a file of ${bytes.length}`);
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    checkCrc(`${what}: chunk ${type}`, bytes.subarray(at + 4, end), view.getUint32(end));
    const data = bytes.subarray(at + 8, end);
    if ((type === 'IHDR') !== (header === null)) throw new FormatError(`${what}: a PNG's first chunk is IHDR, alone`);
    if (type === 'IHDR') header = parseHeader(data, what, maxPixels);
    else if (type === 'PLTE') palette = data;
    else if (type === 'tRNS') alphas = data;
    else if (type === 'IDAT') parts.push(data);
    else if (type === 'IEND') break;
    at = end + 4;
  }
  if (!header) throw new FormatError(`${what}: a PNG without a header`);
  return { header, palette, alphas, compressed: joined(parts) };
}

/** The rows of a pass, and the bytes of each, without the byte that names its filter. */
function passSize({ width, height, depth, samples }: Header, pass: Pass) {
  const columns = Math.max(0, Math.ceil((width - pass.x) / pass.dx));
  const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - pass.y) / pass.dy));
  return { columns, rows, rowBytes: Math.ceil((columns * samples * depth) / 8) };
}

/** The predictor of a byte from those to its left, above it, and left of that: the nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const [byLeft, byAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const byCorner = Math.abs(left + above - 2 * corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/** What each filter has taken away from a byte, by the filter's number. */
const PREDICTORS: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/** Undoes the filter of a row in place. `step` is the distance to the same byte of the pixel before. */
function unfilter(row: Uint8Array, above: Uint8Array | null, step: number, filter: number, what: string): void {
  const predict = PREDICTORS[filter];
  if (!predict) throw new FormatError(`${what}: a PNG row of filter ${filter}, expected 0 to 4`);
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i >= step ? row[i - step] : 0;
    const corner = above && i >= step ? above[i - step] : 0;
    row[i] += predict(left, above ? above[i] : 0, corner);
  }
}

/** Puts the samples of a row, as bytes, where they belong. */
type PutRow = (row: Uint8Array, columns: number, y: number, pass: Pass) => void;

/** Undoes the filters of all rows, pass by pass. */
function eachRow(raw: Uint8Array, header: Header, what: string, put: PutRow): void {
  const step = Math.max(1, (header.samples * header.depth) >> 3);
  let at = 0;
  for (const pass of header.passes) {
    const { columns, rows, rowBytes } = passSize(header, pass);
    let above: Uint8Array | null = null;
    for (let r = 0; r < rows; r++) {
      const row = raw.subarray(at + 1, at + 1 + rowBytes);
      unfilter(row, above, step, raw[at], what);
      put(row, columns, pass.y + r * pass.dy, pass);
      above = row;
      at += 1 + rowBytes;
    }
  }
}

/** The `i`-th sample of a row. */
function sampleAt(row: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return row[i];
  if (depth === 16) return row[2 * i];
  const bit = i * depth;
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** All samples, interleaved, as they are written: indices into the palette, or levels. */
function readSamples(raw: Uint8Array, header: Header, what: string): Uint8Array {
  const { width, height, samples, depth } = header;
  const out = new Uint8Array(width * height * samples);
  eachRow(raw, header, what, (row, columns, y, pass) => {
    for (let c = 0; c < columns; c++) {
      const to = (y * width + pass.x + c * pass.dx) * samples;
      for (let s = 0; s < samples; s++) out[to + s] = sampleAt(row, c * samples + s, depth);
    }
  });
  return out;
}

function coloured(indices: Uint8Array, palette: Uint8Array, alphas: Uint8Array | null, what: string): Uint8Array {
  const channels = alphas ? 4 : 3;
  const colours = palette.length / 3;
  const out = new Uint8Array(indices.length * channels);
  indices.forEach((index, i) => {
    if (index >= colours) throw new FormatError(`${what}: colour ${index} of a palette of ${colours}`);
    for (let c = 0; c < 3; c++) out[i * channels + c] = palette[index * 3 + c];
    if (alphas) out[i * channels + 3] = alphas[index] ?? 255;
  });
  return out;
}

/**
 * The pixels of a PNG file: grey, grey and alpha, colours, or colours and alpha.
 *
 * @param what names the file in errors.
 * @param maxPixels the largest picture that is decoded.
 * @throws FormatError when it is damaged, or declares more pixels than its bytes can hold.
 */
export async function decodePng(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
  const { header, palette, alphas, compressed } = parseChunks(bytes, what, maxPixels);
  const { width, height, samples, depth, colourType } = header;
  const size = header.passes.reduce((sum, pass) => {
    const { rows, rowBytes } = passSize(header, pass);
    return sum + rows * (rowBytes + 1);
  }, 0);
  const data = readSamples(await unzlib(what, compressed, size), header, what);
  if (colourType === PALETTE) {
    if (!palette || palette.length % 3 !== 0) throw new FormatError(`${what}: a PNG without the palette that it needs`);
    return { width, height, channels: alphas ? 4 : 3, data: coloured(data, palette, alphas, what) };
  }
  const spread = 255 / (2 ** depth - 1);
  return { width, height, channels: samples, data: depth < 8 ? data.map((level) => level * spread) : data };
}
