/**
 * Reads zip archives (PKWARE's APPNOTE, with zip64), stored or deflated. Sizes and offsets come from the central
 * directory, because local headers may leave them out. Each is checked against the file before memory is allocated for
 * it. See zip-writer.ts for writing.
 */
import { FormatError, KeyError } from '../errors.js';
import { beginningOf } from './beginning.js';
import { checkCrc, checkRatio, inflate } from './inflate.js';
import { inflatePieces } from './inflate-pieces.js';
import { Budget, type Limits } from './limits.js';
import { quoted } from './quoted.js';
import { needsRehearsal } from './rehearsal.js';
import { UnsupportedKind } from './unsupported.js';

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

const END_SIZE = 22;
const END64_SIZE = 56;
const LOCATOR_SIZE = 20;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;

const ENCRYPTED = 1;
const METHODS = { stored: 0, deflated: 8 } as const;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
  /** Why the contents cannot be read although the archive is sound; null if they can. */
  readonly refusal: string | null;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** Why an entry with these flags and this method cannot be read; null if it can. */
function refusalOf(flags: number, method: number): string | null {
  if (flags & ENCRYPTED) return 'is encrypted';
  const isKnown = method === METHODS.stored || method === METHODS.deflated;
  return isKnown ? null : `compression method ${method} is not supported; stored and deflate are`;
}

/** A zip archive in memory. An entry is inflated when a caller asks for it. */
export class ZipArchive {
  readonly #what: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #entries = new Map<string, Entry>();
  readonly #dataStarts = new Map<string, number>();

  /**
   * Reads the directory and checks it against the file.
   *
   * @param what names the file in errors.
   * @param limits `bytes`: declared size of all entries together; `nodes`: number of entries, by default at most one
   *   for each 64 bytes, as in any honest archive.
   * @throws FormatError when the directory is damaged, when entries overlap or lie outside the file, when sizes are
   *   impossible or beyond a limit.
   */
  constructor(bytes: Uint8Array, what = 'zip', limits: Limits = {}) {
    this.#what = what;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const budget = new Budget(what, { nodes: Math.max(2 ** 17, bytes.length >> 6), ...limits }, bytes.length);
    const directory = this.#findDirectory();
    budget.check('nodes', directory.count, 'the number of its entries');
    this.#readDirectory(directory);
    for (const { size } of this.#entries.values()) budget.spend('bytes', size, 'what its entries declare to hold');
    this.#locateData(directory.offset);
  }

  /** The names of all entries except directories, in the directory's order. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The contents of an entry, with its checksum verified: a view of the archive if stored, fresh bytes if deflated.
   *
   * @throws KeyError when the entry does not exist; FormatError when its contents are damaged, encrypted, or compressed
   *   by another method than deflate.
   */
  read(name: string): Uint8Array {
    const entry = this.#entries.get(name);
    const start = this.#dataStarts.get(name);
    if (entry === undefined || start === undefined) {
      throw new KeyError(`${this.#what}: there is no entry ${quoted(name)}`);
    }
    const data = this.#bytes.subarray(start, start + entry.compressedSize);
    const what = this.#entryName(name);
    if (entry.refusal) throw new UnsupportedKind(`${what}: ${entry.refusal}`);
    if (entry.method === METHODS.deflated) return inflate(what, data, entry);
    checkCrc(what, data, entry.crc);
    return data;
  }

  /**
   * The first bytes of an entry, at most `length`, and its size in bytes, for an entry that inflates to so much that
   * its header should be checked first; null for other entries.
   */
  headOfLarge(name: string, length: number): { head: Uint8Array; size: number } | null {
    const entry = this.#entries.get(name);
    const start = this.#dataStarts.get(name);
    if (!entry || start === undefined || entry.refusal || entry.method !== METHODS.deflated) return null;
    const { compressedSize, size } = entry;
    if (!needsRehearsal(compressedSize, size)) return null;
    const head = new Uint8Array(Math.min(length, size));
    let filled = 0;
    inflatePieces(this.#entryName(name), this.#bytes, [start, start + compressedSize], head.length, (part) => {
      head.set(part, filled);
      filled += part.length;
    });
    return { head: head.subarray(0, filled), size };
  }

  #entryName(name: string): string {
    return `${this.#what} entry ${quoted(name)}`;
  }

  #fail(reason: string): never {
    throw new FormatError(`${this.#what}: ${reason}`);
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** A 64-bit field. Values that a double rounds exceed any file, so rounding is harmless. */
  #u64(at: number): number {
    return this.#u32(at + 4) * 2 ** 32 + this.#u32(at);
  }

  /** The end record is the last thing in the file, except for a comment of at most 65,535 bytes. */
  #findDirectory(): Directory {
    const last = this.#bytes.length - END_SIZE;
    const first = Math.max(0, last - 0xffff);
    for (let at = last; at >= first; at--) {
      if (this.#u32(at) === END && at + END_SIZE + this.#u16(at + 20) === this.#bytes.length) {
        return this.#readEnd(at);
      }
    }
    const { length } = this.#bytes;
    return this.#fail(
      `not a zip file, or cut short: no end record in its ${length} bytes; it ${beginningOf(this.#bytes)}`,
    );
  }

  #readEnd(end: number): Directory {
    const locator = end - LOCATOR_SIZE;
    const is64 = locator >= 0 && this.#u32(locator) === END64_LOCATOR;
    if (!is64) {
      if (this.#u16(end + 4) !== 0 || this.#u16(end + 6) !== 0) this.#fail('it is one of several volumes');
      return this.#checkDirectory(
        { count: this.#u16(end + 10), size: this.#u32(end + 12), offset: this.#u32(end + 16) },
        end,
      );
    }
    const end64 = this.#u64(locator + 8);
    if (end64 + END64_SIZE > locator || this.#u32(end64) !== END64) {
      this.#fail(`no zip64 end record at offset ${end64}, where the locator puts it`);
    }
    return this.#checkDirectory(
      { count: this.#u64(end64 + 32), size: this.#u64(end64 + 40), offset: this.#u64(end64 + 48) },
      end64,
    );
  }

  #checkDirectory(directory: Directory, end: number): Directory {
    const { offset, size, count } = directory;
    if (offset + size > end || count * CENTRAL_SIZE > size) {
      this.#fail(`a directory of ${count} entries, ${size} bytes at offset ${offset}, does not fit before ${end}`);
    }
    return directory;
  }

  #readDirectory({ offset, size, count }: Directory): void {
    const end = offset + size;
    let at = offset;
    for (let i = 0; i < count; i++) {
      if (at + CENTRAL_SIZE > end || this.#u32(at) !== CENTRAL) this.#fail(`no directory entry ${i} at offset ${at}`);
      const nameEnd = at + CENTRAL_SIZE + this.#u16(at + 28);
      const extraEnd = nameEnd + this.#u16(at + 30);
      const next = extraEnd + this.#u16(at + 32);
      if (next > end) this.#fail(`directory entry ${i} at offset ${at} runs over the directory's end`);
      this.#addEntry(at, nameEnd, extraEnd);
      at = next;
    }
  }

  #addEntry(at: number, nameEnd: number, extraEnd: number): void {
    const name = this.#readName(at + CENTRAL_SIZE, nameEnd);
    const what = this.#entryName(name);
    if (this.#entries.has(name)) throw new FormatError(`${what}: occurs twice`);
    const method = this.#u16(at + 10);
    const [size, compressedSize, headerOffset] = this.#readExtents(at, nameEnd, extraEnd, what);
    const refusal = refusalOf(this.#u16(at + 8), method);
    if (refusal === null && method === METHODS.deflated) checkRatio(what, compressedSize, size);
    if (refusal === null && method === METHODS.stored && size !== compressedSize) {
      throw new FormatError(`${what}: stored as ${compressedSize} bytes, but ${size} are declared`);
    }
    if (name.endsWith('/') && size === 0) return;
    this.#entries.set(name, { name, method, crc: this.#u32(at + 16), compressedSize, size, headerOffset, refusal });
  }

  #readName(start: number, end: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#bytes.subarray(start, end));
    } catch (cause) {
      throw new FormatError(`${this.#what}: the entry name at offset ${start} is not UTF-8`, { cause });
    }
  }

  /** Size, compressed size and offset. Fields of all ones are in the zip64 extra field instead, in this order. */
  #readExtents(at: number, nameEnd: number, extraEnd: number, what: string): number[] {
    const extents = [this.#u32(at + 24), this.#u32(at + 20), this.#u32(at + 42)];
    if (!extents.includes(0xffffffff)) return extents;
    for (let field = nameEnd; field + 4 <= extraEnd; ) {
      const next = field + 4 + this.#u16(field + 2);
      if (this.#u16(field) === 1 && next <= extraEnd) {
        let from = field + 4;
        return extents.map((extent) => {
          if (extent !== 0xffffffff) return extent;
          if (from + 8 > next) throw new FormatError(`${what}: its zip64 field is too short`);
          from += 8;
          return this.#u64(from - 8);
        });
      }
      field = next;
    }
    throw new FormatError(`${what}: its sizes need a zip64 field, which is missing`);
  }

  /** Entries must follow one another without overlap: overlapping entries let a small file inflate to a huge one. */
  #locateData(directoryOffset: number): void {
    const inOrder = [...this.#entries.values()].sort((a, b) => a.headerOffset - b.headerOffset);
    let free = 0;
    for (const { name, headerOffset, compressedSize } of inOrder) {
      const what = this.#entryName(name);
      if (headerOffset < free) throw new FormatError(`${what}: at offset ${headerOffset} overlaps the entry before`);
      if (headerOffset + LOCAL_SIZE > directoryOffset || this.#u32(headerOffset) !== LOCAL) {
        throw new FormatError(`${what}: no local header at offset ${headerOffset}`);
      }
      const start = headerOffset + LOCAL_SIZE + this.#u16(headerOffset + 26) + this.#u16(headerOffset + 28);
      free = start + compressedSize;
      if (free > directoryOffset) {
        throw new FormatError(`${what}: ${compressedSize} bytes at offset ${start} run into the directory`);
      }
      this.#dataStarts.set(name, start);
    }
  }
}
