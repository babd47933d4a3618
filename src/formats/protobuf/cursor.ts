/**
 * Reads the wire format of protocol buffers: the numbers and types of fields, varints, floats and bytes. Every length is
 * checked against the bytes before it is used. A window of a stored file is in memory.
 */
import { FormatError } from '../../errors.js';
import type { Budget } from '../limits.js';
import { type BytesSource, partOf, type StoredBytes } from '../stored-bytes.js';

/** How a value is stored in the file. Types 3 and 4, groups, are older than all formats read here. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export type Wire = (typeof WIRE)[keyof typeof WIRE];

const isWire = (type: number): type is Wire => Object.values(WIRE).some((known) => known === type);

/** Bytes of a stored file that are in memory at once, and bytes of the longest varint. */
const WINDOW = 16_384;
const LONGEST_VARINT = 10;

/** A position in the bytes, and the end of the current message. A window of a stored file is in memory. */
export class Cursor {
  /** The bytes in memory, and the position in them. */
  #bytes: Uint8Array;
  #at = 0;
  readonly #what: string;
  readonly #stored: StoredBytes | null;
  /** The offset in the file of the bytes in memory. */
  #base = 0;
  #end: number;
  #wire: Wire = WIRE.varint;

  constructor(
    source: BytesSource,
    what: string,
    /** The limits on lists. */
    readonly budget: Budget,
  ) {
    this.#stored = source instanceof Uint8Array ? null : source;
    this.#bytes = source instanceof Uint8Array ? source : new Uint8Array(0);
    this.#what = what;
    this.#end = source.length;
  }

  get #pos(): number {
    return this.#base + this.#at;
  }

  fail(reason: string): never {
    throw new FormatError(`${this.#what}: ${reason} (at byte ${this.#pos})`);
  }

  /** Brings the next bytes into memory, as many as the window holds. */
  #fetch(length: number): void {
    const pos = this.#pos;
    const stored = this.#stored;
    if (!stored || this.#at + length <= this.#bytes.length) return;
    const left = stored.length - pos;
    if (this.#bytes.length - this.#at >= left) return;
    // The window gets new memory, because values read from the last one may be views of it.
    const window = new Uint8Array(Math.min(Math.max(length, WINDOW), left));
    stored.read(pos, window);
    this.#bytes = window;
    this.#at = 0;
    this.#base = pos;
  }

  /** The storage type of the current field. */
  get wire(): Wire {
    return this.#wire;
  }

  /** Whether the message has more to read. */
  get hasMore(): boolean {
    return this.#pos < this.#end;
  }

  /** Reads the number of the next field. */
  field(): number {
    const tag = this.varint();
    const type = tag & 7;
    const number = Math.floor(tag / 8);
    if (!isWire(type) || number === 0) this.fail(`${tag} is not a field of a protocol buffer`);
    this.#wire = type;
    return number;
  }

  /** Refuses a length that exceeds the bytes that follow. */
  #expect(length: number): void {
    const left = this.#end - this.#pos;
    if (!(length <= left)) this.fail(`${length} bytes are declared, but ${left} follow`);
  }

  /** Skips bytes that are available, and gives their offset in memory. */
  #take(length: number): number {
    this.#expect(length);
    this.#fetch(length);
    const start = this.#at;
    this.#at += length;
    return start;
  }

  /** A varint of 64 bits, seven a byte and the lowest first, as the nearest number. */
  #varint(signed: boolean): number {
    this.#fetch(LONGEST_VARINT);
    let low = 0; // 28 bits
    let high = 0; // 36 bits
    for (let i = 0; i < LONGEST_VARINT; i++) {
      if (!this.hasMore) this.fail('a message ends in the middle of a number');
      const byte = this.#bytes[this.#at++];
      if (i < 4) low += (byte & 127) * 2 ** (7 * i);
      else high += (byte & (i < 9 ? 127 : 1)) * 2 ** (7 * (i - 4));
      if (byte < 128) return (signed && high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** 28 + low;
    }
    return this.fail('a number has more than ten bytes');
  }

  /** An integer; a negative one only if the field allows it. */
  varint(signed = false): number {
    const value = this.#varint(signed);
    if (!Number.isSafeInteger(value)) this.fail(`${value} is out of range`);
    return value;
  }

  /** An integer of 64 bits. Beyond the exact integers it becomes the nearest exact one. */
  wideVarint(): number {
    const value = this.#varint(true);
    return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  }

  float(): number {
    return this.#viewOf(4).getFloat32(0, true);
  }

  #viewOf(length: number): DataView {
    const start = this.#take(length);
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset + start, length);
  }

  /** A view of the bytes of a value with this length, or with the length that it declares. */
  bytes(length = this.varint()): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** As {@link bytes}, but a long value of a stored file stays in the file. */
  source(): BytesSource {
    const length = this.varint();
    if (!this.#stored || length <= WINDOW) return this.bytes(length);
    const start = this.#pos;
    this.#pass(length);
    return partOf(this.#stored, start, length);
  }

  /** Skips bytes without reading them. */
  #pass(length: number): void {
    this.#expect(length);
    this.#at += length;
  }

  /** Reads to the end of a message that declares its length. */
  within(read: () => void): void {
    const length = this.varint();
    this.#expect(length);
    const outer = this.#end;
    this.#end = this.#pos + length;
    read();
    this.#end = outer;
  }

  skip(): void {
    if (this.wire === WIRE.varint) this.#varint(false);
    else this.#pass(this.wire === WIRE.bytes ? this.varint() : this.wire === WIRE.fixed32 ? 4 : 8);
  }
}
