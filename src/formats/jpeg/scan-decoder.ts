/**
 * Decodes one scan, a row of MCUs at a time (ITU-T T.81, annexes F.2 and G.2). A scan's effect on a block depends only
 * on earlier scans of this block, so all scans of a picture advance side by side, and only one row of coefficients is
 * in memory.
 */
import { FormatError } from '../../errors.js';
import { BitReader, HuffmanDecoder } from './bit-reader.js';
import type { JpegComponent, JpegFrame, JpegScan } from './frame.js';
import { type HuffmanCode, ZIGZAG } from './tables.js';

/** The coefficients of one component in a row of MCUs. */
export interface CoefficientRow {
  readonly component: JpegComponent;
  /** Distance from one row of blocks to the next, in blocks. */
  readonly stride: number;
  /** 64 coefficients for each block, in rows of eight. */
  readonly values: Int16Array;
  /** By block: the last coefficient, in zigzag order, that may differ from 0. */
  readonly last: Uint8Array;
}

/** A component as one scan sees it. */
interface Part {
  readonly row: CoefficientRow;
  readonly dc: HuffmanDecoder | null;
  readonly ac: HuffmanDecoder | null;
  /** The previous DC coefficient. */
  predicted: number;
}

type DecodeBlock = (part: Part, block: number) => void;

/** A scan, from its first row of MCUs to its last. */
export class ScanDecoder {
  readonly #frame: JpegFrame;
  readonly #scan: JpegScan;
  readonly #reader: BitReader;
  readonly #what: string;
  readonly #parts: readonly Part[];
  readonly #decodeBlock: DecodeBlock;
  /** MCUs before the next restart marker. */
  #left: number;
  #restarts = 0;
  /** Blocks left whose band has no more coefficients in this scan. */
  #run = 0;

  /**
   * @param rows of all components; all scans share them.
   *
   * @param what names the file in errors.
   * @throws FormatError if a Huffman code that the scan needs is missing or impossible.
   */
  constructor(frame: JpegFrame, scan: JpegScan, rows: readonly CoefficientRow[], what: string) {
    this.#frame = frame;
    this.#scan = scan;
    this.#what = what;
    this.#reader = new BitReader(scan.data, what);
    this.#left = scan.tables.restartInterval || Number.POSITIVE_INFINITY;
    const [needsDc, needsAc] = [scan.first === 0 && scan.high === 0, scan.last > 0];
    const decoderOf = (code: HuffmanCode | undefined) => {
      if (!code) throw new FormatError(`${what}: a scan of a JPEG uses a Huffman code that is not there`);
      return new HuffmanDecoder(code, what);
    };
    this.#parts = scan.components.map(({ place, dc, ac }) => ({
      row: rows[place],
      dc: needsDc ? decoderOf(scan.tables.dc[dc]) : null,
      ac: needsAc ? decoderOf(scan.tables.ac[ac]) : null,
      predicted: 0,
    }));
    this.#decodeBlock = this.#chosen();
  }

  #chosen(): DecodeBlock {
    const { first, high } = this.#scan;
    if (!this.#frame.isProgressive) return (part, block) => this.#sequential(part, block);
    if (first === 0)
      return high === 0 ? (part, block) => this.#firstDc(part, block) : (part, block) => this.#nextDc(part, block);
    return high === 0 ? (part, block) => this.#firstAc(part, block) : (part, block) => this.#nextAc(part, block);
  }

  /** Decodes row `y` of MCUs. @throws FormatError if it is damaged or breaks off. */
  decodeRow(y: number): void {
    if (this.#parts.length === 1) this.#decodeAlone(this.#parts[0], y);
    else this.#decodeInterleaved();
    this.#reader.check();
  }

  /** In a scan of one component, each block is an MCU, and blocks beyond its samples are left out. */
  #decodeAlone(part: Part, y: number): void {
    const { component, stride } = part.row;
    const rows = Math.min(component.v, component.blocksHigh - y * component.v);
    for (let r = 0; r < rows; r++) {
      for (let x = 0; x < component.blocksWide; x++) {
        this.#beginMcu();
        this.#decodeBlock(part, r * stride + x);
      }
    }
  }

  #decodeInterleaved(): void {
    for (let x = 0; x < this.#frame.mcusWide; x++) {
      this.#beginMcu();
      for (const part of this.#parts) {
        const { component, stride } = part.row;
        for (let r = 0; r < component.v; r++) {
          for (let c = 0; c < component.h; c++) this.#decodeBlock(part, r * stride + x * component.h + c);
        }
      }
    }
  }

  #beginMcu(): void {
    if (this.#left === 0) {
      this.#reader.restart(this.#restarts++);
      this.#left = this.#scan.tables.restartInterval;
      this.#run = 0;
      for (const part of this.#parts) part.predicted = 0;
    }
    this.#left--;
  }

  #fail(reason: string): never {
    this.#reader.check();
    throw new FormatError(`${this.#what}: a block of a JPEG is damaged: ${reason}`);
  }

  /** The DC coefficient, as a difference from the previous one. */
  #dcOf(part: Part, code: HuffmanDecoder): number {
    const length = this.#reader.symbol(code);
    if (length > 15) this.#fail(`a difference of ${length} bits`);
    if (length > 0) part.predicted = (part.predicted + this.#reader.signed(length)) | 0;
    return part.predicted;
  }

  #sequential(part: Part, block: number): void {
    const { dc, ac } = part;
    if (!dc || !ac) return;
    const { values, last } = part.row;
    const reader = this.#reader;
    const at = 64 * block;
    values[at] = this.#dcOf(part, dc);
    let end = 0;
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(ac);
      const length = symbol & 15;
      if (length === 0 && symbol < 0xf0) break;
      k += symbol >> 4;
      if (length === 0) continue;
      if (k > 63) this.#fail(`coefficient ${k} of 63`);
      values[at + ZIGZAG[k]] = reader.signed(length);
      end = k;
    }
    last[block] = end;
  }

  #firstDc(part: Part, block: number): void {
    if (part.dc) part.row.values[64 * block] = this.#dcOf(part, part.dc) << this.#scan.low;
  }

  #nextDc(part: Part, block: number): void {
    if (this.#reader.bits(1)) part.row.values[64 * block] |= 1 << this.#scan.low;
  }

  #firstAc(part: Part, block: number): void {
    if (this.#run > 0) {
      this.#run--;
      return;
    }
    const { ac } = part;
    if (!ac) return;
    const { values, last } = part.row;
    const reader = this.#reader;
    const { low, first, last: end } = this.#scan;
    for (let k = first; k <= end; k++) {
      const symbol = reader.symbol(ac);
      const [zeros, length] = [symbol >> 4, symbol & 15];
      if (length === 0 && zeros < 15) {
        this.#run = (1 << zeros) - 1 + reader.bits(zeros);
        return;
      }
      k += zeros;
      if (length === 0) continue;
      if (k > end) this.#fail(`coefficient ${k} of ${end}`);
      values[64 * block + ZIGZAG[k]] = reader.signed(length) << low;
      if (k > last[block]) last[block] = k;
    }
  }

  /** Reads one more bit of each coefficient that is not 0, and of those that become so. */
  #nextAc(part: Part, block: number): void {
    const { ac } = part;
    if (!ac) return;
    const { values, last } = part.row;
    const reader = this.#reader;
    const { low, first, last: end } = this.#scan;
    const at = 64 * block;
    const bit = 1 << low;
    const refine = (place: number, value: number) => {
      if (reader.bits(1) && (value & bit) === 0) values[place] = value + (value > 0 ? bit : -bit);
    };
    let k = first;
    for (; this.#run === 0 && k <= end; k++) {
      const symbol = reader.symbol(ac);
      const length = symbol & 15;
      let zeros = symbol >> 4;
      if (length > 1) this.#fail(`a new coefficient of ${length} bits`);
      if (length === 0 && zeros < 15) {
        this.#run = (1 << zeros) + reader.bits(zeros);
        break;
      }
      const value = length === 0 ? 0 : reader.bits(1) ? bit : -bit;
      // Skips `zeros` coefficients that stay 0, to the one that changes.
      for (; k <= end; k++) {
        const place = at + ZIGZAG[k];
        const before = values[place];
        if (before !== 0) refine(place, before);
        else if (zeros-- === 0) break;
      }
      if (value === 0) continue;
      if (k > end) this.#fail(`coefficient ${k} of ${end}`);
      values[at + ZIGZAG[k]] = value;
      if (k > last[block]) last[block] = k;
    }
    if (this.#run === 0) return;
    this.#run--;
    // No coefficient after the last one that is not 0 needs refining.
    for (const most = Math.min(end, last[block]); k <= most; k++) {
      const place = at + ZIGZAG[k];
      if (values[place] !== 0) refine(place, values[place]);
    }
  }
}
