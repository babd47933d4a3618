/**
 * The frame and the scans of a JPEG (ITU-T T.81, annexes A, B, G): the number of blocks, the blocks that each scan
 * codes, and whether the bytes can hold them. All of this is checked before memory is allocated for a pixel.
 */
import { FormatError } from '../../errors.js';
import type { JpegTables } from './tables.js';

/** One component of a picture: a plane of samples, perhaps at a lower resolution. */
export interface JpegComponent {
  /** The identifier by which scans refer to it. */
  readonly id: number;
  /** Blocks in an MCU, across and down. */
  readonly h: number;
  readonly v: number;
  /** The slot of its quantization table. */
  readonly steps: number;
  /** Size in samples, across and down. */
  readonly width: number;
  readonly height: number;
  /** The blocks that cover these samples. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
}

/** The frame header, and sizes derived from it. */
export interface JpegFrame {
  readonly isProgressive: boolean;
  readonly width: number;
  readonly height: number;
  /** The largest `h` and `v` of the components: an MCU is 8 · hMax pixels wide and 8 · vMax high. */
  readonly hMax: number;
  readonly vMax: number;
  readonly mcusWide: number;
  readonly mcusHigh: number;
  readonly components: readonly JpegComponent[];
}

/** A component in a scan: its index in the frame, and the slots of its Huffman codes. */
interface ScanComponent {
  readonly place: number;
  readonly dc: number;
  readonly ac: number;
}

/** One pass over some components: coefficients `first` to `last` in zigzag order, down to bit `low`. */
export interface JpegScan {
  readonly components: readonly ScanComponent[];
  readonly first: number;
  readonly last: number;
  /** The lowest bit that earlier scans coded; 0 if there was none. */
  readonly high: number;
  readonly low: number;
  readonly tables: JpegTables;
  /** Its entropy-coded bytes, with restart markers and stuffed zeros. */
  readonly data: Uint8Array;
}

/** The supported frames: baseline, extended and progressive, with Huffman codes. */
const LAST_USUAL_FRAME = 0xc2;

/** Reads a frame header from the data of segment FFxx. */
export function readFrame(marker: number, data: Uint8Array, what: string): JpegFrame {
  const [precision, heightHigh, heightLow, widthHigh, widthLow, count] = data;
  const kind = marker.toString(16).toUpperCase();
  if (marker > LAST_USUAL_FRAME) {
    throw new FormatError(`${what}: a JPEG with frame FF${kind} (lossless, hierarchical or arithmetic) is not decoded`);
  }
  if (data.length !== 6 + 3 * count) {
    throw new FormatError(`${what}: a JPEG frame header of ${data.length} bytes, with ${count} components`);
  }
  if (precision !== 8) throw new FormatError(`${what}: a JPEG of ${precision} bits a sample, expected 8`);
  const [width, height] = [(widthHigh << 8) | widthLow, (heightHigh << 8) | heightLow];
  const raw = Array.from({ length: count }, (_, i) => {
    const [id, factors, steps] = data.subarray(6 + 3 * i);
    return { id, h: factors >> 4, v: factors & 15, steps };
  });
  if (raw.some(({ h, v, steps }) => h < 1 || h > 4 || v < 1 || v > 4 || steps > 3)) {
    throw new FormatError(`${what}: a JPEG whose components have sampling factors beyond 1 to 4, or no table`);
  }
  const [hMax, vMax] = [Math.max(...raw.map(({ h }) => h)), Math.max(...raw.map(({ v }) => v))];
  const components = raw.map((component) => {
    const size = [Math.ceil((width * component.h) / hMax), Math.ceil((height * component.v) / vMax)];
    const [blocksWide, blocksHigh] = size.map((samples) => Math.ceil(samples / 8));
    return { ...component, width: size[0], height: size[1], blocksWide, blocksHigh };
  });
  const [mcusWide, mcusHigh] = [Math.ceil(width / (8 * hMax)), Math.ceil(height / (8 * vMax))];
  return { isProgressive: marker === LAST_USUAL_FRAME, width, height, hMax, vMax, mcusWide, mcusHigh, components };
}

/** Reads a scan header from the data of a segment SOS. */
export function readScan(
  frame: JpegFrame,
  header: Uint8Array,
  tables: JpegTables,
  data: Uint8Array,
  what: string,
): JpegScan {
  const count = header[0];
  if (header.length !== 4 + 2 * count || count < 1 || count > 4) {
    throw new FormatError(`${what}: a JPEG scan header of ${header.length} bytes, with ${count} components`);
  }
  const components = Array.from({ length: count }, (_, i) => {
    const [id, codes] = header.subarray(1 + 2 * i);
    const place = frame.components.findIndex((component) => component.id === id);
    if (place < 0) throw new FormatError(`${what}: a JPEG scan of component ${id}, which the frame does not have`);
    return { place, dc: codes >> 4, ac: codes & 15 };
  });
  const [first, last, bits] = header.subarray(1 + 2 * count);
  // Sequential frames have one choice only, and some encoders leave these bytes 0.
  const whole = { first: 0, last: 63, high: 0, low: 0 };
  const part = frame.isProgressive ? { first, last, high: bits >> 4, low: bits & 15 } : whole;
  return { components, ...part, tables, data };
}

/** How many blocks a scan codes. A scan of one component leaves out the blocks that only fill up MCUs. */
function blocksOf(frame: JpegFrame, { components }: JpegScan): number {
  if (components.length === 1) {
    const { blocksWide, blocksHigh } = frame.components[components[0].place];
    return blocksWide * blocksHigh;
  }
  const blocks = components.map(({ place }) => frame.components[place].h * frame.components[place].v);
  return blocks.reduce((a, b) => a + b) * frame.mcusWide * frame.mcusHigh;
}

/** The longest run of blocks without coefficients that one code can represent. */
const LONGEST_RUN = 32_767;

/**
 * The least number of bits in a scan: a sequential block has two codewords, a progressive block of DC coefficients one.
 */
function leastBits(frame: JpegFrame, scan: JpegScan): number {
  const blocks = blocksOf(frame, scan);
  if (!frame.isProgressive) return 2 * blocks;
  return scan.first === 0 ? blocks : Math.ceil(blocks / LONGEST_RUN);
}

/** Checks that scans follow one another as T.81 demands: each coefficient is coded once and then refined bit by bit. */
class Progression {
  /** The lowest bit coded so far, by component and coefficient; -1 if there is none. */
  readonly #low: Int8Array[];
  readonly #lastWithDc: number;

  constructor(frame: JpegFrame) {
    // Progressive frames code DC coefficients in scans of their own.
    this.#lastWithDc = frame.isProgressive ? 0 : 63;
    this.#low = frame.components.map(() => new Int8Array(64).fill(-1));
  }

  /** Whether a scan is allowed next. */
  accepts({ components, first, last, high, low }: JpegScan): boolean {
    const isBand = first === 0 ? last === this.#lastWithDc : components.length === 1;
    if (last > 63 || first > last || low > 13 || !isBand) return false;
    return components.every(({ place }) => {
      const band = this.#low[place].subarray(first, last + 1);
      const isNext =
        high === 0 ? band.every((bit) => bit === -1) : high === low + 1 && band.every((bit) => bit === high);
      band.fill(low);
      // AC coefficients come after the block's DC coefficient.
      return isNext && this.#low[place][0] !== -1;
    });
  }

  /** The first component that no scan coded; -1 if all are coded. */
  missing(): number {
    return this.#low.findIndex((bits) => bits[0] === -1);
  }
}

/** Refuses scans that T.81 does not allow, or whose bytes cannot hold the blocks that the frame declares. */
export function checkScans(frame: JpegFrame, scans: readonly JpegScan[], what: string): void {
  const progression = new Progression(frame);
  for (const [i, scan] of scans.entries()) {
    if (!progression.accepts(scan)) {
      const { first, last, high, low } = scan;
      throw new FormatError(
        `${what}: scan ${i} of a JPEG codes coefficients ${first} to ${last}, bits ${high} to ${low}, which is not allowed there`,
      );
    }
    const needed = leastBits(frame, scan);
    if (needed > 8 * scan.data.length) {
      throw new FormatError(
        `${what}: scan ${i} of a JPEG of ${frame.width} × ${frame.height} pixels has ${blocksOf(frame, scan)} blocks, but its ` +
          `${scan.data.length} bytes hold fewer`,
      );
    }
  }
  const missing = progression.missing();
  if (missing >= 0) throw new FormatError(`${what}: a JPEG without a scan of component ${missing}`);
}
