/**
 * Pictures in files to bytes of pixels. What decodes a format is loaded when the first picture of it comes. It knows nothing of arrays,
 * and neither resizes nor scales.
 */
import { FormatError } from '../errors.js';
import { type HostImage, MAX_PIXELS } from './host-image.js';
import { JPEG_SIGNATURE, PNG_SIGNATURE } from './picture-signatures.js';
import { reading } from './reading.js';

export type { HostImage } from './host-image.js';

const beginsWith = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);

async function decoderOf(bytes: Uint8Array) {
  if (beginsWith(bytes, PNG_SIGNATURE)) return (await import('./png.js')).decodePng;
  if (beginsWith(bytes, JPEG_SIGNATURE)) return (await import('./jpeg.js')).decodeJpeg;
  return (await import('./browser-picture.js')).decodeOther;
}

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** Larger pictures are refused before memory is taken for them. Default and most: 2²⁷. */
  maxPixels?: number;
}

/**
 * The pixels of a PNG or JPEG file, and in browsers of whatever they can show. They are as the file stores them, on every runtime: EXIF's
 * orientation turns nothing (as in Pillow's `Image.open`; `ImageOps.exif_transpose` is what turns there), and colour profiles change
 * nothing. A JPEG of CMYK becomes RGB, as by Pillow's `convert('RGB')`.
 *
 * @param what names the file in errors.
 * @throws FormatError when it is damaged, of an unknown format, or too large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  what = 'image',
  { maxPixels = MAX_PIXELS }: DecodeImageOptions = {},
): Promise<HostImage> {
  return reading('picture', bytes, what, async () => {
    const decode = await decoderOf(bytes);
    try {
      return await decode(bytes, what, maxPixels);
    } catch (cause) {
      if (cause instanceof FormatError) throw cause;
      throw new FormatError(`${what}: the picture of ${bytes.length} bytes cannot be decoded`, { cause });
    }
  });
}
