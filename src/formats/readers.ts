/** Readers of files for programs that only run models: what reads them is loaded by the first call. */
import type { NDArray } from '../ndarray/routines.js';
import type { ReadArraysOptions } from './array-files.js';
import type { DecodeImageOptions, HostImage } from './image.js';

export type { ReadArraysOptions } from './array-files.js';
export type { DecodeImageOptions, HostImage } from './image.js';

const readers = () => import('./array-files.js');

/**
 * The array of an .npy file; follows numpy.load. Half floats become float32, and integers int32 where they fit.
 *
 * @throws FormatError if the bytes are damaged, DTypeError for what no device computes with.
 */
export async function readNpy(bytes: Uint8Array, options: ReadArraysOptions = {}): Promise<NDArray> {
  return (await readers()).arrayOfNpy(bytes, options);
}

/**
 * The arrays of an .npz file by key, such as `conv1/W`; follows numpy.load. None and strings are left out: Chainer stores them
 * beside parameters. So is what no device computes with: objects, dates, complex numbers, records, integers outside int32, and files
 * that are no arrays. The map's `get` of such a key throws the reason.
 *
 * @throws FormatError if the bytes are damaged.
 */
export async function readNpz(bytes: Uint8Array, options: ReadArraysOptions = {}): Promise<Map<string, NDArray>> {
  return (await readers()).arraysOfNpz(bytes, options);
}

/**
 * The arrays of a safetensors file by name. What no device computes with is left out: numbers of 8 bits and less, complex numbers, integers
 * outside int32. The map's `get` of such a name throws the reason.
 *
 * @throws FormatError if the bytes are damaged.
 */
export async function readSafetensors(
  bytes: Uint8Array,
  options: ReadArraysOptions = {},
): Promise<Map<string, NDArray>> {
  return (await readers()).arraysOfSafetensors(bytes, options);
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
  options: DecodeImageOptions = {},
): Promise<HostImage> {
  return (await import('./image.js')).decodeImage(bytes, what, options);
}
