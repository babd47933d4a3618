/**
 * Takes a PNG file apart into its chunks (PNG specification, third edition; ISO/IEC 15948). Chunks that change no pixel
 * are skipped, and their contents are never inflated.
 */
import { FormatError } from '../../errors.js';
import { checkPictureSize } from '../host-image.js';
import { checkCrc } from '../inflate.js';
import type { Spans } from '../inflate-pieces.js';
import type { Budget } from '../limits.js';
import { PNG_SIGNATURE } from '../picture-signatures.js';

/** By colour type: samples of a pixel, and the depths that are allowed. */
const COLOUR_TYPES: ReadonlyMap<number, { samples: number; depths: readonly number[] }> = new Map([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [3, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }],
]);
const PALETTE = 3;

/** The header. */
export interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits in a sample. */
  readonly depth: number;
  readonly samples: number;
  readonly hasPalette: boolean;
  /** Whether rows come in Adam7's seven passes. */
  readonly isInterlaced: boolean;
}

/** The parts of a file. */
export interface Chunks {
  readonly header: Header;
  /** Red, green and blue of each colour in the palette; null if there is none. */
  readonly palette: Uint8Array | null;
  /** The alphas of the palette's first colours; null if all are opaque. */
  readonly alphas: Uint8Array | null;
  /** Spans of the compressed pixels in the file. */
  readonly compressed: Spans;
}

function parseHeader(data: Uint8Array, what: string, budget: Budget): Header {
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
  const hasPalette = colourType === PALETTE;
  checkPictureSize(what, { width, height, channels: hasPalette ? 4 : kind.samples }, budget);
  return { width, height, depth, samples: kind.samples, hasPalette, isInterlaced: interlace === 1 };
}

/** Takes a file apart. @throws FormatError when it is damaged or beyond the budget. */
export function parseChunks(bytes: Uint8Array, what: string, budget: Budget): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let header: Header | null = null;
  let palette: Uint8Array | null = null;
  let alphas: Uint8Array | null = null;
  const compressed: number[] = [];
  for (let at = PNG_SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw new FormatError(`${what}: the PNG ends at byte ${bytes.length}, within a chunk`);
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      throw new FormatError(`${what}: a PNG chunk of ${length} bytes at byte ${at} of a file of ${bytes.length}`);
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    checkCrc(`${what}: the chunk at byte ${at}`, bytes.subarray(at + 4, end), view.getUint32(end));
    const data = bytes.subarray(at + 8, end);
    if ((type === 'IHDR') !== (header === null)) throw new FormatError(`${what}: a PNG's first chunk is IHDR, alone`);
    if (type === 'IHDR') header = parseHeader(data, what, budget);
    else if (type === 'PLTE') palette = data;
    else if (type === 'tRNS') alphas = data;
    else if (type === 'IDAT') compressed.push(at + 8, end);
    else if (type === 'IEND') break;
    at = end + 4;
  }
  if (!header) throw new FormatError(`${what}: a PNG without a header`);
  if (header.hasPalette && (!palette || palette.length % 3 !== 0)) {
    throw new FormatError(`${what}: a PNG without the palette that it needs`);
  }
  return { header, palette, alphas, compressed };
}
