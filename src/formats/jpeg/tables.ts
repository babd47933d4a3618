/** The tables of a JPEG (ITU-T T.81, annex B.2.4): quantization, Huffman codes, and the restart interval. */
import { FormatError } from '../../errors.js';

/** How many tables of each kind a file can have at a time. */
const SLOTS = 4;

/** The index in rows of eight of the `k`-th coefficient: a zigzag from the lowest frequencies to the highest. */
export const ZIGZAG = Uint8Array.from(
  Array.from({ length: 64 }, (_, place) => place).sort((a, b) => {
    const [ya, xa, yb, xb] = [a >> 3, a & 7, b >> 3, b & 7];
    const diagonal = ya + xa;
    if (diagonal !== yb + xb) return diagonal - (yb + xb);
    return diagonal % 2 === 0 ? yb - ya : ya - yb;
  }),
);

/** A Huffman code as a file stores it. */
export interface HuffmanCode {
  /** The number of codewords of 1, 2, …, 16 bits. */
  readonly counts: Uint8Array;
  /** The symbols of the codewords, shortest first. */
  readonly symbols: Uint8Array;
}

/** The tables in force at one point of a file. */
export interface JpegTables {
  /** The quantization steps of a block's 64 coefficients, in rows. */
  readonly steps: readonly (Int32Array | undefined)[];
  readonly dc: readonly (HuffmanCode | undefined)[];
  readonly ac: readonly (HuffmanCode | undefined)[];
  /** MCUs between two restart markers; 0 if there are no markers. */
  readonly restartInterval: number;
}

/** The tables while a file is read: each segment replaces some of them. */
export class TableReader {
  readonly #what: string;
  readonly #steps: (Int32Array | undefined)[] = new Array(SLOTS);
  readonly #dc: (HuffmanCode | undefined)[] = new Array(SLOTS);
  readonly #ac: (HuffmanCode | undefined)[] = new Array(SLOTS);
  #restartInterval = 0;

  /** @param what names the file in errors. */
  constructor(what: string) {
    this.#what = what;
  }

  /** A copy of the current tables. */
  current(): JpegTables {
    return {
      steps: [...this.#steps],
      dc: [...this.#dc],
      ac: [...this.#ac],
      restartInterval: this.#restartInterval,
    };
  }

  /** Reads a DQT segment: tables of 64 steps of one or two bytes, in zigzag. */
  readSteps(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const [isWide, slot] = [data[at] >> 4 === 1, data[at] & 15];
      const end = at + 1 + (isWide ? 128 : 64);
      if (data[at] >> 4 > 1 || slot >= SLOTS || end > data.length) this.#fail('quantization', data);
      const steps = new Int32Array(64);
      for (let k = 0; k < 64; k++) {
        const from = at + 1 + (isWide ? 2 * k : k);
        steps[ZIGZAG[k]] = isWide ? (data[from] << 8) | data[from + 1] : data[from];
      }
      this.#steps[slot] = steps;
      at = end;
    }
  }

  /** Reads a DHT segment: codes for DC differences and for AC coefficients. */
  readCodes(data: Uint8Array): void {
    for (let at = 0; at < data.length; ) {
      const [kind, slot] = [data[at] >> 4, data[at] & 15];
      const counts = data.subarray(at + 1, at + 17);
      const end = at + 17 + counts.reduce((sum, count) => sum + count, 0);
      if (kind > 1 || slot >= SLOTS || end > data.length || end - at - 17 > 256) this.#fail('Huffman', data);
      (kind === 0 ? this.#dc : this.#ac)[slot] = { counts, symbols: data.subarray(at + 17, end) };
      at = end;
    }
  }

  /** Reads a DRI segment. */
  readRestartInterval(data: Uint8Array): void {
    if (data.length !== 2) this.#fail('restart interval', data);
    this.#restartInterval = (data[0] << 8) | data[1];
  }

  #fail(kind: string, { length }: Uint8Array): never {
    throw new FormatError(`${this.#what}: a damaged ${kind} segment of ${length} bytes in a JPEG`);
  }
}
