/**
 * Writes zip archives, stored or deflated. Equal contents give equal bytes, because entries carry a fixed date.
 * Archives stay below 4 GiB and 65,535 entries, so they need no zip64 and every reader accepts them.
 */
import { deflateSync } from 'fflate';
import { ValueError } from '../errors.js';
import { crc32 } from './crc32.js';
import { joined } from './joined-bytes.js';

/** The contents of an entry, in parts that are written one after another without being joined first. */
export type ZipContents = readonly Uint8Array[];

export interface ZipOptions {
  /** Deflate the entries; otherwise they are stored. Default: false. */
  compressed?: boolean;
}

const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the first date that zip can express. */
const DATE = 0x0021;

interface Prepared {
  readonly name: Uint8Array;
  readonly parts: ZipContents;
  readonly crc: number;
  readonly size: number;
  readonly storedSize: number;
}

/** Collects bytes one after another. */
class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(...values: number[]): void {
    for (const value of values) {
      this.#view.setUint16(this.position, value, true);
      this.position += 2;
    }
  }

  u32(...values: number[]): void {
    for (const value of values) {
      this.#view.setUint32(this.position, value, true);
      this.position += 4;
    }
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }
}

function totalLength(parts: ZipContents): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

function prepare(name: string, contents: ZipContents, compressed: boolean): Prepared {
  const parts = compressed ? [deflateSync(joined(contents))] : contents;
  return {
    name: new TextEncoder().encode(name),
    parts,
    crc: contents.reduce((crc, part) => crc32(part, crc), 0),
    size: totalLength(contents),
    storedSize: totalLength(parts),
  };
}

/**
 * A zip archive of the entries, in their order.
 *
 * @throws ValueError for a repeated name, and for more than 4 GiB or 65,534 entries.
 */
export function encodeZip(
  entries: Iterable<readonly [name: string, contents: ZipContents]>,
  { compressed = false }: ZipOptions = {},
): Uint8Array {
  const method = compressed ? 8 : 0;
  const seen = new Set<string>();
  const prepared: Prepared[] = [];
  for (const [name, contents] of entries) {
    if (seen.has(name)) throw new ValueError(`encodeZip: entry '${name}' is given twice`);
    seen.add(name);
    prepared.push(prepare(name, contents, compressed));
  }
  const directorySize = prepared.reduce((total, { name }) => total + 46 + name.length, 0);
  const total = prepared.reduce((sum, { name, storedSize }) => sum + 30 + name.length + storedSize, directorySize + 22);
  if (total >= 0xffffffff || prepared.length >= 0xffff) {
    throw new ValueError(`encodeZip: ${prepared.length} entries of ${total} bytes exceed 65,534 entries or 4 GiB`);
  }

  const out = new Writer(total);
  /** The fields that local and central headers share. */
  const shared = ({ name, crc, size, storedSize }: Prepared) => {
    out.u16(VERSION, UTF8_NAMES, method, 0, DATE);
    out.u32(crc, storedSize, size);
    out.u16(name.length, 0);
  };
  const offsets = prepared.map((entry) => {
    const offset = out.position;
    out.u32(0x04034b50);
    shared(entry);
    out.put(entry.name);
    for (const part of entry.parts) out.put(part);
    return offset;
  });
  const directoryOffset = out.position;
  prepared.forEach((entry, i) => {
    out.u32(0x02014b50);
    out.u16(VERSION);
    shared(entry);
    out.u16(0, 0, 0);
    out.u32(0, offsets[i]);
    out.put(entry.name);
  });
  out.u32(0x06054b50);
  out.u16(0, 0, prepared.length, prepared.length);
  out.u32(directorySize, directoryOffset);
  out.u16(0);
  return out.bytes;
}
