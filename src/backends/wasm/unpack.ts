/**
 * Inlined kernels to their bytes, by what the runtime has for it: Node, Deno and Bun do in two milliseconds what takes
 * JavaScript, not yet compiled so soon after the start, twenty. Base64 of deflated bytes is about as small, compressed once
 * more on its way to a browser, as the bytes.
 */
import { inflateSync } from 'fflate';
import { decodeBase64 } from './base64.js';

/** Node's zlib where there is one. Not imported: bundlers for browsers would look for it. */
const nativeZlib = () => globalThis.process?.getBuiltinModule?.('zlib');

/** The bytes that a text of base64 holds deflated, without a header (RFC 1951). */
export function unpack(packed: string): Uint8Array<ArrayBuffer> {
  const zlib = nativeZlib();
  return zlib ? new Uint8Array(zlib.inflateRawSync(Buffer.from(packed, 'base64'))) : inflateSync(decodeBase64(packed));
}
