/**
 * Decodes picture files into bytes of pixels. The decoder of a format is loaded when the first such picture comes.
 * Pictures are neither resized nor scaled.
 */
import { FormatError } from '../errors.js';
import { checkOptions } from '../options.js';
import { type HostImage, type PictureLimits, pictureBudget } from './host-image.js';
import { JPEG_SIGNATURE, PNG_SIGNATURE } from './picture-signatures.js';
import { reading } from './reading.js';

export type { HostImage } from './host-image.js';

const beginsWith = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);

async function decoderOf(bytes: Uint8Array) {
  if (beginsWith(bytes, PNG_SIGNATURE)) return (await import('./png/decode.js')).decodePng;
  if (beginsWith(bytes, JPEG_SIGNATURE)) return (await import('./jpeg/decode.js')).decodeJpeg;
  return (await import('./browser-picture.js')).decodeOther;
}

/** Options of {@link decodeImage}. */
export type DecodeImageOptions = PictureLimits;

/**
 * The pixels of a PNG or JPEG file, and in browsers of every format that the browser shows. On every runtime they are
 * as the file stores them: EXIF's orientation is ignored (as by Pillow's `Image.open`; `ImageOps.exif_transpose`
 * applies it there), and so are colour profiles. A CMYK JPEG becomes RGB, as by Pillow's `convert('RGB')`.
 *
 * @param what names the file in errors.
 * @param options limits on the size: by default 10⁸ pixels. Decoding takes little more memory than the pixels.
 * @throws FormatError when the file is damaged, of an unknown format, or beyond a limit, which the message names.
 */
export async function decodeImage(
  bytes: Uint8Array,
  what = 'image',
  options: DecodeImageOptions = {},
): Promise<HostImage> {
  checkOptions('decodeImage', options, { maxPixels: 1e8, limits: {} });
  const budget = pictureBudget(what, options);
  return reading('picture', bytes, what, async () => {
    const decode = await decoderOf(bytes);
    try {
      return await decode(bytes, what, budget);
    } catch (cause) {
      if (cause instanceof FormatError) throw cause;
      throw new FormatError(`${what}: the picture of ${bytes.length} bytes cannot be decoded`, { cause });
    }
  });
}
