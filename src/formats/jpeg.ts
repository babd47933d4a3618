/**
 * JPEG files to bytes of pixels, by the browser or by a package. Both get the same bytes: those that `jpeg-segments.ts` has judged and
 * put together. Loaded when the first such picture comes.
 */
import { FormatError } from '../errors.js';
import { canDecodeNatively, decodeNatively, dropChannels } from './browser-picture.js';
import { checkPictureSize, type HostImage } from './host-image.js';
import { type JpegPicture, readJpeg } from './jpeg-segments.js';

/**
 * How many pixels a byte of a JPEG can stand for: 64 of a block take a bit at least, and no component need have more than a
 * fourth of the pixels' blocks.
 */
const JPEG_PIXELS_PER_BYTE = 2048;

/** Each scan goes over the whole picture, however short it is. Encoders make about ten. */
const MAX_SCANS = 100;

/** Red, green, blue and alpha, as the package decodes them. */
async function decodeByPackage({ bytes, colours }: JpegPicture, most: number): Promise<ArrayLike<number>> {
  const { default: decode } = await import('jpeg-js/lib/decoder.js'); // without the encoder
  const limits = { maxResolutionInMP: most / 1e6, maxMemoryUsageInMB: 4096 };
  // Adobe's number 1 or 2 means a transform by itself; the package takes 0 for "not said".
  const colorTransform = colours === 'ycbcr' || colours === 'ycck';
  return decode(bytes, { useTArray: true, tolerantDecoding: false, colorTransform, ...limits }).data;
}

/**
 * The pixels as the file stores them: EXIF's orientation turns nothing, and colour profiles change nothing. One channel of grey, or
 * three of RGB. CMYK and YCCK, stored inverted as Adobe does, become RGB by `c · k / 255`.
 *
 * @throws FormatError when it is damaged, too large, or lossless, arithmetic-coded or of another depth than 8 bits.
 */
export async function decodeJpeg(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
  const picture = readJpeg(bytes, what);
  const { width, height, scans } = picture;
  const most = Math.min(maxPixels, picture.bytes.length * JPEG_PIXELS_PER_BYTE);
  checkPictureSize(what, width, height, most);
  if (scans > MAX_SCANS) throw new FormatError(`${what}: a JPEG of ${scans} scans, expected at most ${MAX_SCANS}`);
  const channels = picture.colours === 'grey' ? 1 : 3;
  const rgba = canDecodeNatively()
    ? (await decodeNatively(picture.bytes, what, maxPixels)).rgba
    : await decodeByPackage(picture, most);
  return { width, height, channels, data: dropChannels(rgba, channels) };
}
