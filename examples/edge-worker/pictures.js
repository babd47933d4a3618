/** Converts picture files to 784 pixels. Only decoding costs time here, so this file has all its limits. */
import { decodeImage } from 'rensa/inference';
import { digitOf } from './digit.js';

/** Bytes of a file. A phone's photograph is larger, and a digit is not. */
export const MAX_BYTES = 1_000_000;

/** Pixels of a picture: 1,024 × 1,024 take about 0.1 s to decode. */
export const MAX_PIXELS = 2 ** 20;

/** The pixels of a PNG or JPEG file, as `digitOf` gives them. @throws FormatError if the file is damaged or too large. */
export async function pixelsOf(bytes) {
  return digitOf(await decodeImage(bytes, 'the picture', { limits: { pixels: MAX_PIXELS } }));
}
