/**
 * Inflates deflate streams of a declared size, from untrusted files. The size is checked before memory is allocated,
 * the stream must give exactly that many bytes, and the checksum must agree. See zip.ts and gzip.ts for the headers.
 */
import { inflateSync } from 'fflate';
import { FormatError } from '../errors.js';
import { crc32 } from './crc32.js';
import { inflatePieces } from './inflate-pieces.js';
import { needsRehearsal } from './rehearsal.js';

/** The best ratio of deflate: 258 bytes from two bits, 1032 to one. */
const MAX_RATIO = 1032;

/** The declared size and checksum of a stream's contents. */
export interface Inflated {
  readonly size: number;
  readonly crc: number;
}

/** Refuses a declared size that `compressedSize` bytes of deflate cannot reach. */
export function checkRatio(what: string, compressedSize: number, size: number): void {
  if (size > compressedSize * MAX_RATIO) {
    throw new FormatError(`${what}: ${compressedSize} compressed bytes cannot become the declared ${size}`);
  }
}

/**
 * The contents of a raw deflate stream.
 *
 * @param what names the stream in errors.
 * @throws FormatError when the stream is broken or does not become exactly `size` bytes with the checksum `crc`.
 */
export function inflate(what: string, compressed: Uint8Array, { size, crc }: Inflated): Uint8Array {
  checkRatio(what, compressed.length, size);
  if (needsRehearsal(compressed.length, size)) rehearse(what, compressed, { size, crc });
  const bytes = inflateSomeMore(what, compressed, size);
  checkSize(what, bytes.length, size);
  checkSum(what, crc32(bytes), crc);
  return bytes;
}

/** Inflates a stream without keeping the bytes, and checks its length and its checksum. */
function rehearse(what: string, compressed: Uint8Array, { size, crc }: Inflated): void {
  let sum = crc32(new Uint8Array());
  const inflated = inflatePieces(what, compressed, [0, compressed.length], size, (part) => {
    sum = crc32(part, sum);
  });
  checkSize(what, inflated, size);
  checkSum(what, sum, crc);
}

/** Refuses a stream whose length differs from the declared one. A stream that goes on counts as one byte longer. */
function checkSize(what: string, inflated: number, size: number): void {
  if (inflated === size) return;
  const got = inflated > size ? `more than ${size}` : String(inflated);
  throw new FormatError(`${what}: inflates to ${got} bytes, but ${size} are declared`);
}

/** The inflated bytes, at most `size` + 1: the extra byte shows that the stream goes on. */
function inflateSomeMore(what: string, compressed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(compressed, { out: new Uint8Array(size + 1) });
  } catch (cause) {
    throw new FormatError(`${what}: the deflate stream of ${compressed.length} bytes is broken`, { cause });
  }
}

/** Refuses bytes whose checksum is not the declared one. */
export function checkCrc(what: string, bytes: Uint8Array, declared: number): void {
  checkSum(what, crc32(bytes), declared);
}

function checkSum(what: string, actual: number, declared: number): void {
  if (actual !== declared) {
    throw new FormatError(`${what}: checksum ${hex(actual)} of the contents is not the declared ${hex(declared)}`);
  }
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`;
}
