/** zlib streams (RFC 1950) of pictures and matrices, inflated a piece at a time, so that no stream takes more than is asked of it. */
import { Inflate } from 'fflate';
import { FormatError } from '../errors.js';
import { checkRatio } from './inflate.js';

/** Streams that become at most so much are given to Node's zlib, and what Deno and Bun have in its place, which is faster. */
const AT_ONCE = 2 ** 20;
/** What a piece becomes on average, and the longest piece: it becomes at most 1032 times as much. */
const PIECE_INFLATED = 2 ** 18;
const LONGEST_PIECE = 2 ** 13;

const nativeZlib = () => globalThis.process?.getBuiltinModule?.('zlib');

/** Parts of a file, one after another: where each begins and where it ends. */
export type Spans = readonly number[];

const lengthOf = (spans: Spans) => spans.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);

/** The bytes of all spans in pieces of `size`, the last one perhaps shorter; each is valid until the next. */
function* piecesOf(bytes: Uint8Array, spans: Spans, size: number): Generator<Uint8Array> {
  const piece = new Uint8Array(size);
  let filled = 0;
  for (let i = 0; i < spans.length; i += 2) {
    for (let at = spans[i]; at < spans[i + 1]; ) {
      const count = Math.min(size - filled, spans[i + 1] - at);
      piece.set(bytes.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < size) break;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** All that a stream becomes; null if that is not `size` bytes, or the stream is broken. */
function inflateAtOnce(bytes: Uint8Array, spans: Spans, size: number): Uint8Array | null {
  try {
    const [compressed] = piecesOf(bytes, spans, lengthOf(spans));
    const whole = nativeZlib()?.inflateSync(compressed, { maxOutputLength: size });
    return whole?.length === size ? whole : null;
  } catch {
    return null;
  }
}

/** Adler-32 of bytes that come in pieces. */
class Adler {
  #a = 1;
  #b = 0;

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      // So many bytes cannot carry the sums beyond 32 bits.
      const end = Math.min(bytes.length, at + 3850);
      let [a, b] = [this.#a, this.#b];
      for (; at < end; at++) {
        a += bytes[at];
        b += a;
      }
      this.#a = a % 65_521;
      this.#b = b % 65_521;
    }
  }

  get sum(): number {
    return this.#b * 65_536 + this.#a;
  }
}

/** The header of a stream: deflate with a window of at most 32 KiB, no dictionary, and its own check. */
const isHeader = (first: number, second: number) =>
  (first & 15) === 8 && first >> 4 <= 7 && (second & 0x20) === 0 && ((first << 8) | second) % 31 === 0;

/**
 * Hands on the first `size` bytes of a zlib stream in pieces, each of which is valid until the next. Takes less than 20 MB beside them.
 *
 * @param what names the stream in errors.
 * @param spans where the stream's parts are in `bytes`.
 * @throws FormatError when the stream is broken, becomes fewer bytes, or ends there with a wrong checksum; and, before anything is
 *   inflated, when it cannot become so many.
 */
export function eachInflated(
  what: string,
  bytes: Uint8Array,
  spans: Spans,
  size: number,
  use: (piece: Uint8Array) => void,
): void {
  const length = lengthOf(spans);
  checkRatio(what, length, size);
  const whole = size <= AT_ONCE && length <= AT_ONCE ? inflateAtOnce(bytes, spans, size) : null;
  if (whole) {
    use(whole);
    return;
  }
  const broken = (cause?: unknown) =>
    new FormatError(`${what}: the deflate stream of ${length} bytes is broken`, { cause });
  const adler = new Adler();
  let inflated = 0;
  let left = length;
  let header = 2;
  let trailer = 0;
  const pieceSize = Math.min(LONGEST_PIECE, Math.max(512, Math.ceil((PIECE_INFLATED * length) / size)));
  const parts: Uint8Array[] = [];
  const stream = new Inflate((part) => parts.push(part));
  for (const piece of piecesOf(bytes, spans, pieceSize)) {
    if (header > 0 && !isHeader(piece[0], piece[1])) throw broken();
    left -= piece.length;
    try {
      stream.push(piece.subarray(header), left === 0);
    } catch (cause) {
      throw broken(cause);
    }
    header = 0;
    for (const byte of piece.subarray(-4)) trailer = ((trailer << 8) | byte) >>> 0;
    for (const part of parts.splice(0)) {
      const wanted = part.subarray(0, size - inflated);
      adler.add(wanted);
      if (wanted.length > 0) use(wanted);
      inflated += wanted.length;
      // The stream goes on, and so has no checksum here.
      if (wanted.length < part.length) return;
    }
  }
  if (inflated < size) throw new FormatError(`${what}: inflates to ${inflated} bytes, but ${size} are declared`);
  if (adler.sum !== trailer) throw broken();
}

/** The first `size` bytes of a zlib stream that lies in one part. See {@link eachInflated}. */
export function unzlib(what: string, compressed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  eachInflated(what, compressed, [0, compressed.length], size, (piece) => {
    bytes.set(piece, filled);
    filled += piece.length;
  });
  return bytes;
}
