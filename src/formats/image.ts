/**
 * Pictures in files to bytes of pixels. PNG and JPEG are decoded by packages that are loaded when the first such picture comes;
 * browsers decode JPEG and other formats themselves. It knows nothing of arrays, and neither resizes nor scales.
 */
import { FormatError } from '../errors.js';

/** A picture on the host: rows of pixels of channels, 0 to 255 each. */
export interface HostImage {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 2: grey and alpha, 3: red, green, blue, 4: and alpha. */
  readonly channels: number;
  /** height · width · channels bytes. */
  readonly data: Uint8Array;
}

/** No picture of more pixels than this is decoded: what a file declares takes memory. */
const MAX_PIXELS = 2 ** 27;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];

const beginsWith = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);

function checkSize(what: string, width: number, height: number): void {
  if (width * height > MAX_PIXELS || width < 1 || height < 1) {
    throw new FormatError(`${what}: a picture of ${width} × ${height} pixels is not decoded`);
  }
}

/** Grey levels of less than a byte, rows packed, to bytes from 0 to 255. */
function unpackGrey(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const max = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)];
      out[y * width + x] = (255 / max) * ((byte >> (8 - depth - (bit & 7))) & max);
    }
  }
  return out;
}

/** A palette of one to eight bits becomes colours; 16 bits become 8, their upper half. */
async function decodePng(bytes: Uint8Array, what: string): Promise<HostImage> {
  const { convertIndexedToRgb, decode } = await import('fast-png');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24) throw new FormatError(`${what}: a PNG of ${bytes.length} bytes`);
  checkSize(what, header.getUint32(16), header.getUint32(20));
  const png = decode(bytes, { checkCrc: true });
  const { width, height, palette, depth, channels } = png;
  if (palette) return { width, height, channels: palette[0].length, data: convertIndexedToRgb(png) };
  if (depth < 8) return { width, height, channels, data: unpackGrey(png.data, width, height, depth) };
  const data = depth === 16 ? Uint8Array.from(png.data, (level) => level >> 8) : Uint8Array.from(png.data);
  return { width, height, channels, data };
}

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
): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }> {
  const blob = new Blob([new Uint8Array(bytes)]);
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' } as const;
  const bitmap = await createImageBitmap(blob, options);
  const { width, height } = bitmap;
  checkSize(what, width, height);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new FormatError(`${what}: there is no canvas to decode it on`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}

async function decodeJpeg(bytes: Uint8Array, what: string): Promise<HostImage> {
  const { components, ...size } = readFrameHeader(bytes, what);
  checkSize(what, size.width, size.height);
  if (components !== 1 && components !== 3) throw new FormatError(`${what}: a JPEG of ${components} components`);
  if (canDecodeNatively()) {
    const { width, height, rgba } = await decodeNatively(bytes, what);
    return { width, height, channels: components, data: dropChannels(rgba, components) };
  }
  const { decode } = await import('jpeg-js');
  const limits = { maxResolutionInMP: MAX_PIXELS / 1e6, maxMemoryUsageInMB: 4096 };
  const { width, height, data } = decode(bytes, { useTArray: true, tolerantDecoding: false, ...limits });
  return { width, height, channels: components, data: dropChannels(data, components) };
}

/** Formats that only the browser knows: WebP, GIF, AVIF. Three channels where nothing is transparent. */
async function decodeOther(bytes: Uint8Array, what: string): Promise<HostImage> {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (!canDecodeNatively())
    throw new FormatError(`${what}: neither PNG nor JPEG (it begins with ${start || 'nothing'})`);
  const { width, height, rgba } = await decodeNatively(bytes, what);
  const isOpaque = rgba.every((value, i) => i % 4 !== 3 || value === 255);
  return { width, height, channels: isOpaque ? 3 : 4, data: dropChannels(rgba, isOpaque ? 3 : 4) };
}

/**
 * The pixels of a PNG or JPEG file, and in browsers of whatever they can show.
 *
 * @param what names the file in errors.
 * @throws FormatError when it is damaged, of an unknown format, or too large.
 */
export async function decodeImage(bytes: Uint8Array, what = 'image'): Promise<HostImage> {
  const decode = beginsWith(bytes, PNG_SIGNATURE)
    ? decodePng
    : beginsWith(bytes, JPEG_SIGNATURE)
      ? decodeJpeg
      : decodeOther;
  try {
    return await decode(bytes, what);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${what}: the picture of ${bytes.length} bytes cannot be decoded`, { cause });
  }
}
