/** Reads tar archives (POSIX ustar, with the long names of GNU and pax), the packing of some datasets. */
import { FormatError } from '../errors.js';

const BLOCK = 512;
/** Offsets and lengths of the fields of a header. */
const FIELDS = { name: [0, 100], size: [124, 12], checksum: [148, 8], prefix: [345, 155] } as const;
const TYPE_AT = 156;
const REGULAR = new Set(['0', '\0', '7']);

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function field(header: Uint8Array, name: keyof typeof FIELDS): Uint8Array {
  const [at, length] = FIELDS[name];
  return header.subarray(at, at + length);
}

/** A size: octal digits, or, for large files, base 256 after a set high bit. */
function numberOf(bytes: Uint8Array): number {
  if (bytes[0] & 0x80) return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, bytes[0] & 0x7f);
  const text = textOf(bytes).trim();
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** The checksum of a header: the sum of its bytes, with its own field read as spaces. */
function checksumOf(header: Uint8Array): number {
  const [at, length] = FIELDS.checksum;
  return header.reduce((sum, byte, i) => sum + (i >= at && i < at + length ? 32 : byte), 0);
}

/** The `path` of a pax header, whose lines are `length key=value`. */
function paxPath(bytes: Uint8Array): string | undefined {
  return new TextDecoder().decode(bytes).match(/(?:^|\n)\d+ path=([^\n]*)\n/)?.[1];
}

/**
 * The regular files of an archive by path, as views of it.
 *
 * @param what names the archive in errors.
 * @throws FormatError when it is damaged or cut short.
 */
export function readTar(bytes: Uint8Array, what = 'tar'): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    const size = numberOf(field(header, 'size'));
    if (checksumOf(header) !== numberOf(field(header, 'checksum')) || !Number.isSafeInteger(size) || size < 0) {
      throw new FormatError(`${what}: no tar header at byte ${at}`);
    }
    const start = at + BLOCK;
    if (start + size > bytes.length) {
      throw new FormatError(`${what}: ${size} bytes at ${start} do not fit in ${bytes.length} bytes`);
    }
    const contents = bytes.subarray(start, start + size);
    const type = String.fromCharCode(header[TYPE_AT]);
    if (type === 'L') longName = textOf(contents);
    else if (type === 'x') longName = paxPath(contents);
    else {
      const prefix = textOf(field(header, 'prefix'));
      const name = longName ?? `${prefix && `${prefix}/`}${textOf(field(header, 'name'))}`;
      if (REGULAR.has(type)) files.set(name, contents);
      longName = undefined;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new FormatError(`${what}: the archive has no end, after ${bytes.length} bytes`);
}
