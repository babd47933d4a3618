/**
 * Decodes pictures by the browser, which knows more formats than this library. Loaded when the first such picture
 * comes.
 */
import { FormatError } from '../errors.js';
import { beginningOf } from './beginning.js';
import { checkPictureSize, type HostImage } from './host-image.js';
import type { Budget } from './limits.js';

/** The first `channels` channels of pixels that have four. */
export function dropChannels(rgba: ArrayLike<number>, channels: number): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * channels);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let c = 0; c < channels; c++) out[to++] = rgba[from + c];
  }
  return out;
}

function hasCanvas(): boolean {
  try {
    return typeof createImageBitmap === 'function' && new OffscreenCanvas(1, 1).getContext('2d') !== null;
  } catch {
    return false;
  }
}

let isNative: boolean | undefined;

/** Whether this is a browser with a canvas. Deno defines the same names without a canvas, so this tries once. */
export function canDecodeNatively(): boolean {
  isNative ??= hasCanvas();
  return isNative;
}

/**
 * The pixels as the browser decodes them: red, green, blue and alpha. Browsers rotate pictures by EXIF's orientation,
 * and current ones have no option against it (`imageOrientation: 'none'` now means `'from-image'`), so callers pass
 * bytes without EXIF.
 */
export async function decodeNatively(
  bytes: Uint8Array,
  what: string,
  budget: Budget,
): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }> {
  const blob = new Blob([new Uint8Array(bytes)]);
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' } as const;
  const bitmap = await createImageBitmap(blob, options);
  const { width, height } = bitmap;
  checkPictureSize(what, { width, height, channels: 4 }, budget);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new FormatError(`${what}: there is no canvas to decode it on`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}

const textAt = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** A WebP file without its EXIF: the chunk gets a name that readers skip. Other files are returned unchanged. */
function withoutExif(bytes: Uint8Array): Uint8Array {
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return bytes;
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (let at = 12, size = 0; at + 8 <= copy.length; at += 8 + size + (size & 1)) {
    size = view.getUint32(at + 4, true);
    if (textAt(copy, at) === 'EXIF') copy[at] = 'x'.charCodeAt(0);
  }
  return copy;
}

/**
 * Decodes formats that only the browser knows: WebP, GIF, AVIF. The result has three channels if no pixel is
 * transparent. EXIF's orientation is ignored; AVIF's own transforms (`irot`, `imir`) are applied.
 */
export async function decodeOther(bytes: Uint8Array, what: string, budget: Budget): Promise<HostImage> {
  if (!canDecodeNatively()) throw new FormatError(`${what}: neither PNG nor JPEG: it ${beginningOf(bytes)}`);
  const { width, height, rgba } = await decodeNatively(withoutExif(bytes), what, budget);
  const isOpaque = rgba.every((value, i) => i % 4 !== 3 || value === 255);
  return { width, height, channels: isOpaque ? 3 : 4, data: dropChannels(rgba, isOpaque ? 3 : 4) };
}
