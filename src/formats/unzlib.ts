/** Reads the zlib streams (RFC 1950) of pictures and matrices. */
import { FormatError } from '../errors.js';
import { findBuiltin } from '../platform/builtin.js';
import { checkRatio } from './inflate.js';
import { inflatePieces, lengthOf, piecesOf, type Spans } from './inflate-pieces.js';

/** Streams that inflate to at most this many bytes go to `node:zlib`, which is faster (Deno and Bun have it too). */
const AT_ONCE = 2 ** 20;

const HEADER_SIZE = 2;
const TRAILER_SIZE = 4;

/** The whole inflated stream; null if it does not give `size` bytes, or is broken. */
function inflateAtOnce(bytes: Uint8Array, spans: Spans, size: number): Uint8Array | null {
  try {
    const [compressed] = piecesOf(bytes, spans, lengthOf(spans));
    const whole = findBuiltin('node:zlib')?.inflateSync(compressed, { maxOutputLength: size });
    return whole?.length === size ? whole : null;
  } catch {
    return null;
  }
}

/** The Adler-32 checksum of bytes that come in pieces. */
class Adler {
  #a = 1;
  #b = 0;

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      // After this many bytes the sums still fit 32 bits.
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

/** The parts of a stream. */
interface ZlibStream {
  /** The checksum at its end. */
  readonly adler: number;
  /** The spans of its deflated bytes. */
  readonly deflated: Spans;
}

/** Spans without their first `count` bytes. */
function without(count: number, spans: Spans): Spans {
  let left = count;
  return spans.map((at, i) => {
    if (i % 2 === 1) return at;
    const skipped = Math.min(left, spans[i + 1] - at);
    left -= skipped;
    return at + skipped;
  });
}

/**
 * The parts of a stream; null if its header is invalid: it must say deflate, a window of at most 32 KiB, no dictionary,
 * and its own check.
 */
function takeApart(bytes: Uint8Array, spans: Spans): ZlibStream | null {
  const length = lengthOf(spans);
  if (length < HEADER_SIZE + TRAILER_SIZE) return null;
  const bytesAt = (from: number, count: number) => {
    const rest = without(from, spans);
    const [piece] = piecesOf(bytes, rest, count);
    return [...piece];
  };
  const [first, second] = bytesAt(0, HEADER_SIZE);
  const isKnown = (first & 15) === 8 && first >> 4 <= 7 && (second & 0x20) === 0;
  if (!isKnown || ((first << 8) | second) % 31 !== 0) return null;
  const adler = bytesAt(length - TRAILER_SIZE, TRAILER_SIZE).reduce((sum, byte) => sum * 256 + byte, 0);
  return { adler, deflated: without(HEADER_SIZE, spans) };
}

/**
 * Passes the first `size` bytes of a zlib stream on in parts, each of which is valid until the next; see {@link
 * inflatePieces}.
 *
 * @param what names the stream in errors.
 * @param spans of the stream in `bytes`.
 * @throws FormatError when the stream is broken, is shorter, or ends there with a wrong checksum; and, before anything
 *   is inflated, when it cannot be so long.
 */
export function eachInflated(
  what: string,
  bytes: Uint8Array,
  spans: Spans,
  size: number,
  use: (part: Uint8Array) => void,
): void {
  const length = lengthOf(spans);
  checkRatio(what, length, size);
  const whole = Math.max(size, length) <= AT_ONCE ? inflateAtOnce(bytes, spans, size) : null;
  if (whole) {
    use(whole);
    return;
  }
  const stream = takeApart(bytes, spans);
  const adler = new Adler();
  const inflated = !stream
    ? 0
    : inflatePieces(what, bytes, stream.deflated, size, (part) => {
        adler.add(part);
        use(part);
      });
  if (stream && inflated < size) {
    throw new FormatError(`${what}: inflates to ${inflated} bytes, but ${size} are declared`);
  }
  // The checksum of a longer stream comes later.
  if (!stream || (inflated === size && adler.sum !== stream.adler)) {
    throw new FormatError(`${what}: the deflate stream of ${length} bytes is broken`);
  }
}

/** The first `size` bytes of a zlib stream that is in one piece. See {@link eachInflated}. */
export function unzlib(what: string, compressed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  eachInflated(what, compressed, [0, compressed.length], size, (part) => {
    bytes.set(part, filled);
    filled += part.length;
  });
  return bytes;
}
