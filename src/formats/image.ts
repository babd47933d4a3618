/**
 * Pictures in files to bytes of pixels. JPEG is decoded by a package that is loaded when the first one comes; browsers decode it
 * and other formats themselves. It knows nothing of arrays, and neither resizes nor scales.
 */
import { FormatError } from '../errors.js';
import { checkPictureSize, type HostImage, MAX_PIXELS } from './host-image.js';
import { JPEG_SIGNATURE, PNG_SIGNATURE } from './picture-signatures.js';

export type { HostImage } from './host-image.js';

const beginsWith = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);

/**
 * How many pixels a byte of a JPEG can stand for: 64 of a block take a bit at least, and no component need have more than a
 * fourth of the pixels' blocks.
 */
const JPEG_PIXELS_PER_BYTE = 2048;

/** Each scan goes over the whole picture, however short it is. Encoders make about ten. */
const MAX_SCANS = 100;

/** The number of components that a JPEG's frame header declares, and its size. */
function readFrameHeader(bytes: Uint8Array, what: string): { components: number; width: number; height: number } {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1];
    const word = (k: number) => (bytes[at + k] << 8) | bytes[at + k + 1];
    // Frame headers are C0 to CF, but for tables of Huffman codes, arithmetic codes, and JPEG's own extensions.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { components: bytes[at + 9], width: word(7), height: word(5) };
    }
    at += marker === 0xff ? 1 : 2 + word(2);
  }
  throw new FormatError(`${what}: a JPEG without a frame header`);
}

/** The scans that a JPEG has; in compressed data the marker's first byte never comes alone. */
function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) if (bytes[at + 1] === 0xda) scans++;
  return scans;
}

/** The first channels of pixels that have four. */
function dropChannels(rgba: ArrayLike<number>, channels: number): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * channels);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let c = 0; c < channels; c++) out[to++] = rgba[from + c];
  }
  return out;
}

const canDecodeNatively = () => typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function';

/** The pixels as the browser sees them, red, green, blue and alpha; not turned as the camera was held. */
async function decodeNatively(
  bytes: Uint8Array,
  what: string,
  maxPixels: number,
): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }> {
  const blob = new Blob([new Uint8Array(bytes)]);
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' } as const;
  const bitmap = await createImageBitmap(blob, options);
  const { width, height } = bitmap;
  checkPictureSize(what, width, height, maxPixels);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new FormatError(`${what}: there is no canvas to decode it on`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}

async function decodePng(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
  const { decodePng } = await import('./png.js');
  return decodePng(bytes, what, maxPixels);
}

async function decodeJpeg(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
  const { components, ...size } = readFrameHeader(bytes, what);
  const most = Math.min(maxPixels, bytes.length * JPEG_PIXELS_PER_BYTE);
  checkPictureSize(what, size.width, size.height, most);
  if (components !== 1 && components !== 3) throw new FormatError(`${what}: a JPEG of ${components} components`);
  if (canDecodeNatively()) {
    const { width, height, rgba } = await decodeNatively(bytes, what, maxPixels);
    return { width, height, channels: components, data: dropChannels(rgba, components) };
  }
  const scans = countScans(bytes);
  if (scans > MAX_SCANS) throw new FormatError(`${what}: a JPEG of ${scans} scans, expected at most ${MAX_SCANS}`);
  const { default: decode } = await import('jpeg-js/lib/decoder.js'); // without the encoder
  const limits = { maxResolutionInMP: most / 1e6, maxMemoryUsageInMB: 4096 };
  const { width, height, data } = decode(bytes, { useTArray: true, tolerantDecoding: false, ...limits });
  return { width, height, channels: components, data: dropChannels(data, components) };
}

/** Formats that only the browser knows: WebP, GIF, AVIF. Three channels where nothing is transparent. */
async function decodeOther(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (!canDecodeNatively())
    throw new FormatError(`${what}: neither PNG nor JPEG (it begins with ${start || 'nothing'})`);
  const { width, height, rgba } = await decodeNatively(bytes, what, maxPixels);
  const isOpaque = rgba.every((value, i) => i % 4 !== 3 || value === 255);
  return { width, height, channels: isOpaque ? 3 : 4, data: dropChannels(rgba, isOpaque ? 3 : 4) };
}

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** Larger pictures are refused before memory is taken for them. Default and most: 2²⁷. */
  maxPixels?: number;
}

/**
 * The pixels of a PNG or JPEG file, and in browsers of whatever they can show.
 *
 * @param what names the file in errors.
 * @throws FormatError when it is damaged, of an unknown format, or too large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  what = 'image',
  { maxPixels = MAX_PIXELS }: DecodeImageOptions = {},
): Promise<HostImage> {
  const decode = beginsWith(bytes, PNG_SIGNATURE)
    ? decodePng
    : beginsWith(bytes, JPEG_SIGNATURE)
      ? decodeJpeg
      : decodeOther;
  try {
    return await decode(bytes, what, maxPixels);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${what}: the picture of ${bytes.length} bytes cannot be decoded`, { cause });
  }
}
