/** zlib streams (RFC 1950) of pictures and matrices, inflated by the platform. */
import { FormatError } from '../errors.js';
import { checkRatio } from './inflate.js';

/** Node's zlib, and what Deno and Bun have in its place: for a small picture a tenth of what a stream takes. */
const nativeZlib = () => globalThis.process?.getBuiltinModule?.('zlib');

/** All that a stream becomes; null if that is more than `size` bytes, or the stream is broken behind them. */
function inflateAtOnce(compressed: Uint8Array, size: number): Uint8Array | null {
  try {
    return nativeZlib()?.inflateSync(compressed, { maxOutputLength: size }) ?? null;
  } catch {
    return null;
  }
}

/** What a stream becomes, as far as there is room for it; one that ends there is read to its end, and so to its checksum. */
async function inflateInto(room: Uint8Array, compressed: Uint8Array<ArrayBuffer>): Promise<number> {
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return length;
    const part = value.subarray(0, room.length - length);
    room.set(part, length);
    length += part.length;
    if (part.length < value.length) break;
  }
  await reader.cancel();
  return length;
}

/**
 * The first `size` bytes of a zlib stream.
 *
 * @param what names the stream in errors.
 * @throws FormatError when the stream is broken, becomes fewer bytes, or ends there with a wrong checksum; and, before memory is taken
 *   for them, when it cannot become so many.
 */
export async function unzlib(what: string, compressed: Uint8Array, size: number): Promise<Uint8Array> {
  checkRatio(what, compressed.length, size);
  const whole = inflateAtOnce(compressed, size);
  if (whole?.length === size) return whole;
  const bytes = new Uint8Array(size);
  const length = await inflateInto(bytes, compressed as Uint8Array<ArrayBuffer>).catch((cause: unknown) => {
    throw new FormatError(`${what}: the deflate stream of ${compressed.length} bytes is broken`, { cause });
  });
  if (length < size) throw new FormatError(`${what}: inflates to ${length} bytes, but ${size} are declared`);
  return bytes;
}
