/** Reads the entropy-coded bytes of a scan as bits and as Huffman codes (ITU-T T.81, annexes C and F.2.2). */
import { FormatError } from '../../errors.js';
import type { HuffmanCode } from './tables.js';

const MARKER_START = 0xff;
const RESTART = 0xd0;

/** Longest codeword, in bits, that one table look-up decodes. */
const LOOKUP_BITS = 9;
const LONGEST = 16;

/** A Huffman code that a {@link BitReader} decodes. */
export class HuffmanDecoder {
  /** Indexed by the next nine bits: 256 times the codeword's length, plus its symbol; 0 for a longer codeword. */
  readonly lookup = new Uint16Array(1 << LOOKUP_BITS);
  /** By length: one more than the last codeword, as 16 bits; 0 if there is none. */
  readonly ends = new Int32Array(LONGEST + 1);
  /** By length: the number to add to a codeword to get the index of its symbol. */
  readonly offsets = new Int32Array(LONGEST + 1);
  readonly symbols: Uint8Array;

  /** @throws FormatError if there are more codewords than fit. */
  constructor({ counts, symbols }: HuffmanCode, what: string) {
    this.symbols = symbols;
    let code = 0;
    let i = 0;
    for (let length = 1; length <= LONGEST; length++, code <<= 1) {
      this.offsets[length] = i - code;
      for (let n = counts[length - 1]; n > 0; n--, code++, i++) {
        if (code >= 1 << length)
          throw new FormatError(`${what}: a Huffman code of a JPEG has too many words of ${length} bits`);
        if (length > LOOKUP_BITS) continue;
        const from = code << (LOOKUP_BITS - length);
        this.lookup.fill((length << 8) | symbols[i], from, from + (1 << (LOOKUP_BITS - length)));
      }
      if (counts[length - 1] > 0) this.ends[length] = code << (LONGEST - length);
    }
  }
}

/** The bits of one scan. Zeros follow the last bit; {@link check} refuses a scan that used them. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;
  /** The lowest `#count` bits are the next ones. */
  #bits = 0;
  #count = 0;
  /** How many zero bits were added after the end. */
  #invented = 0;

  /** @param what names the file in errors. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** Loads bits until more than 24 are ready. */
  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 24) {
      let byte = 0;
      const at = this.#at;
      if (at >= bytes.length) this.#invented += 8;
      else if (bytes[at] !== MARKER_START) {
        byte = bytes[at];
        this.#at++;
      } else if (bytes[at + 1] === 0) {
        byte = MARKER_START;
        this.#at += 2;
      } else if (bytes[at + 1] === MARKER_START) {
        this.#at++; // a fill byte before a marker
        continue;
      } else this.#invented += 8; // a restart marker, which is not consumed
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  /** The next `length` bits, at most 16, as a number. */
  bits(length: number): number {
    if (this.#count < length) this.#fill();
    this.#count -= length;
    return (this.#bits >>> this.#count) & ((1 << length) - 1);
  }

  /** A number of `length` bits whose first bit gives the sign (T.81, EXTEND). */
  signed(length: number): number {
    const value = this.bits(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  /** The next symbol. */
  symbol(code: HuffmanDecoder): number {
    if (this.#count < LONGEST) this.#fill();
    const entry = code.lookup[(this.#bits >>> (this.#count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)];
    if (entry === 0) return this.#longSymbol(code);
    this.#count -= entry >> 8;
    return entry & 255;
  }

  #longSymbol(code: HuffmanDecoder): number {
    const next = (this.#bits >>> (this.#count - LONGEST)) & ((1 << LONGEST) - 1);
    for (let length = LOOKUP_BITS + 1; length <= LONGEST; length++) {
      if (next >= code.ends[length]) continue;
      this.#count -= length;
      return code.symbols[code.offsets[length] + (next >> (LONGEST - length))];
    }
    this.check();
    throw new FormatError(`${this.#what}: bits of a JPEG near byte ${this.#at} of a scan are not a codeword`);
  }

  /** Refuses a scan from which more bits were read than it has. */
  check(): void {
    if (this.#invented > this.#count) {
      throw new FormatError(`${this.#what}: a scan of a JPEG breaks off at byte ${this.#at} of ${this.#bytes.length}`);
    }
  }

  /** Skips the `number`-th restart marker. */
  restart(number: number): void {
    this.check();
    const bytes = this.#bytes;
    const isRestart = (at: number) => bytes[at + 1] >= RESTART && bytes[at + 1] < RESTART + 8;
    let at = bytes.indexOf(MARKER_START, this.#at);
    while (at >= 0 && !isRestart(at)) at = bytes.indexOf(MARKER_START, at + 1);
    if (at < 0 || bytes[at + 1] !== RESTART + (number & 7)) {
      throw new FormatError(
        `${this.#what}: a scan of a JPEG lacks restart marker ${number & 7} behind byte ${this.#at}`,
      );
    }
    this.#at = at + 2;
    this.#bits = this.#count = this.#invented = 0;
  }
}
