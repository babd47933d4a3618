/** Bytes that are read in parts when a reader asks for them: a file can be used without being in memory. */
import { HOST_IS_LITTLE_ENDIAN } from './elements.js';

/** Bytes outside memory, such as a file's. */
export interface StoredBytes {
  readonly length: number;
  /**
   * Fills `into` with the bytes from offset `start`. Callers check the range against `length`.
   *
   * @throws FileError or FormatError when they can no longer be read.
   */
  read(start: number, into: Uint8Array): void;
}

/** Bytes in memory, or outside it. */
export type BytesSource = Uint8Array | StoredBytes;

/** A copy of `length` bytes from offset `start`. */
export function partOf(source: StoredBytes, start: number, length: number): StoredBytes {
  return { length, read: (at, into) => source.read(start + at, into) };
}

/** Elements passed on at once: a quarter of a megabyte stays in the second cache. */
const PIECE = 65_536;

/**
 * Passes little-endian float32 elements on in pieces, each of which is valid until the next. The bytes may be
 * unaligned; their number is a multiple of four.
 */
export function eachFloats(source: BytesSource, use: (piece: Float32Array, first: number) => void): void {
  const size = source.length / 4;
  const piece = new Float32Array(Math.min(PIECE, size));
  const bytes = new Uint8Array(piece.buffer);
  const view = new DataView(piece.buffer);
  for (let first = 0; first < size; first += PIECE) {
    const count = Math.min(PIECE, size - first);
    const into = bytes.subarray(0, 4 * count);
    if (source instanceof Uint8Array) into.set(source.subarray(4 * first, 4 * (first + count)));
    else source.read(4 * first, into);
    if (!HOST_IS_LITTLE_ENDIAN) for (let i = 0; i < count; i++) piece[i] = view.getFloat32(4 * i, true);
    use(piece.subarray(0, count), first);
  }
}
