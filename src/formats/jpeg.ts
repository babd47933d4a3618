/**
 * JPEG files to bytes of pixels, by the browser or by a package. What a header asks for is judged before either begins. Loaded when
 * the first such picture comes.
 */
import { FormatError } from '../errors.js';
import { canDecodeNatively, decodeNatively, dropChannels } from './browser-picture.js';
import { checkPictureSize, type HostImage } from './host-image.js';

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

/** @throws FormatError when it is damaged or too large. */
export async function decodeJpeg(bytes: Uint8Array, what: string, maxPixels: number): Promise<HostImage> {
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
