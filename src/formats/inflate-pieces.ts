/** Inflates deflate streams (RFC 1951) in pieces, so that a stream takes no more memory than its caller allows. */
import { Inflate } from 'fflate';
import { FormatError } from '../errors.js';

/**
 * Bytes into which one piece inflates on average, and bytes of the longest piece: deflate expands at most 1032 times.
 */
const PIECE_INFLATED = 2 ** 17;
const LONGEST_PIECE = 2 ** 13;

/** Parts of a file in order, each with its begin and end. */
export type Spans = readonly number[];

/** The bytes of all spans together. */
export const lengthOf = (spans: Spans): number => spans.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);

/** The bytes of all spans in pieces of `size`; the last one may be shorter. Each is valid until the next. */
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
 * Passes the first `size` bytes of an inflated stream to `use`, in parts that are valid until the next one. Takes less
 * than 20 MB beside them.
 *
 * @param what names the stream in errors.
 * @param spans of the stream in `bytes`. Bytes after the end of the stream are not read.
 * @param use is called with each part.
 * @returns the inflated length, at most `size` + 1, which means that the stream goes on.
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
