/** Deflate streams (RFC 1951) inflated a piece at a time, so that no stream takes more memory than is asked of it. */
import { Inflate } from 'fflate';
import { FormatError } from '../errors.js';

/** What a piece becomes on average, and the longest piece: it becomes at most 1032 times as much. */
const PIECE_INFLATED = 2 ** 17;
const LONGEST_PIECE = 2 ** 13;

/** Parts of a file, one after another: where each begins and where it ends. */
export type Spans = readonly number[];

/** The bytes of all spans together. */
export const lengthOf = (spans: Spans): number => spans.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);

/** The bytes of all spans in pieces of `size`, the last one perhaps shorter; each is valid until the next. */
export function* piecesOf(bytes: Uint8Array, spans: Spans, size: number): Generator<Uint8Array> {
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

/**
 * Hands on the first `size` bytes that a stream becomes, in parts, each of which is valid until the next. Takes less than 20 MB beside
 * them.
 *
 * @param what names the stream in errors.
 * @param spans where the stream's bytes are in `bytes`. What follows the stream's end there is not read.
 * @param use is called with each part.
 * @returns how many bytes it becomes, up to `size` + 1, which says that it goes on.
 * @throws FormatError when the stream is broken.
 */
export function inflatePieces(
  what: string,
  bytes: Uint8Array,
  spans: Spans,
  size: number,
  use: (part: Uint8Array) => void,
): number {
  const length = lengthOf(spans);
  const pieceSize = Math.min(LONGEST_PIECE, Math.max(128, Math.ceil((PIECE_INFLATED * length) / (size + 1))));
  const parts: Uint8Array[] = [];
  const stream = new Inflate((part) => parts.push(part));
  let inflated = 0;
  let left = length;
  for (const piece of piecesOf(bytes, spans, pieceSize)) {
    left -= piece.length;
    try {
      stream.push(piece, left === 0);
    } catch (cause) {
      throw new FormatError(`${what}: the deflate stream of ${length} bytes is broken`, { cause });
    }
    for (const part of parts.splice(0)) {
      const wanted = part.subarray(0, size - inflated);
      if (wanted.length > 0) use(wanted);
      inflated += wanted.length;
      if (wanted.length < part.length) return size + 1;
    }
  }
  return inflated;
}
