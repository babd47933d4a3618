/** The first bytes of a file for messages, as text if they are text. See `foreign-file.ts` for the kinds of files. */
import type { BytesSource } from './stored-bytes.js';

/** The first bytes of a file, at most `length`. */
export function headOf(source: BytesSource, length: number): Uint8Array {
  if (source instanceof Uint8Array) return source.subarray(0, length);
  const head = new Uint8Array(Math.min(length, source.length));
  source.read(0, head);
  return head;
}

/** `begins with '<html>'`, `begins with 1f 8b 08 00`, or `is empty`. */
export function beginningOf(source: BytesSource): string {
  const start = [...headOf(source, 24)];
  if (start.length === 0) return 'is empty';
  const [line] = String.fromCharCode(...start).split(/[\r\n]/);
  const isText = /^[\t -~]+$/.test(line);
  const hex = start.slice(0, 4).map((byte) => byte.toString(16).padStart(2, '0'));
  return `begins with ${isText ? `'${line}'` : hex.join(' ')}`;
}
