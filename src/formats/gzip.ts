/**
 * Reads gzip files (RFC 1952) of one member, the packing of many datasets. The size that a file declares bounds the
 * memory it may take.
 */
import { FormatError } from '../errors.js';
import { checkRatio, inflate } from './inflate.js';
import { Budget, type Limits } from './limits.js';
import { usualSize } from './rehearsal.js';

const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * The contents of a gzip file.
 *
 * @param what names the file in errors.
 * @param limits `bytes`: size of the contents, by default at most 32 MiB, or 32 times the file if that is more.
 * @throws FormatError when the file is damaged, has several members, or exceeds the limit.
 */
export function gunzip(bytes: Uint8Array, what = 'gzip', limits: Limits = {}): Uint8Array {
  const start = isGzip(bytes) ? headerEnd(bytes) : Number.POSITIVE_INFINITY;
  const end = bytes.length - 8;
  if (start > end) throw new FormatError(`${what}: not a gzip file, or cut short (${bytes.length} bytes)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(end + 4, true);
  checkRatio(what, end - start, size);
  new Budget(what, { bytes: usualSize(bytes.length), ...limits }, bytes.length).check(
    'bytes',
    size,
    'what it declares to hold',
  );
  return inflate(what, bytes.subarray(start, end), { size, crc: view.getUint32(end, true) });
}

/** The offset of the deflate stream, after the fixed fields and the optional ones that the flags name. */
function headerEnd(bytes: Uint8Array): number {
  const flags = bytes[3];
  let at = 10;
  if (flags & FLAGS.reserved) return Number.POSITIVE_INFINITY;
  if (flags & FLAGS.extra) at += 2 + (bytes[at] | (bytes[at + 1] << 8));
  for (const text of [FLAGS.name, FLAGS.comment]) {
    if (!(flags & text)) continue;
    const nul = bytes.indexOf(0, at);
    if (nul < 0) return Number.POSITIVE_INFINITY;
    at = nul + 1;
  }
  return flags & FLAGS.headerCrc ? at + 2 : at;
}
