/** Readers of files for programs that only run models. The first call loads the code that reads. */
import type { NDArray } from '../ndarray/routines.js';
import type { ReadArraysOptions } from './array-files.js';
import type { DecodeImageOptions, HostImage } from './image.js';

export type { ReadArraysOptions } from './array-files.js';
export type { DecodeImageOptions, HostImage } from './image.js';

const readers = () => import('./array-files.js');

/**
 * The array of an .npy file; follows numpy.load. Half floats become float32, and integers that fit become int32.
 *
 * @throws FormatError if the bytes are damaged, DTypeError for a dtype that no device has.
 */
export async function readNpy(bytes: Uint8Array, options: ReadArraysOptions = {}): Promise<NDArray> {
  return (await readers()).arrayOfNpy(bytes, options);
}

/**
 * The arrays of an .npz file by key, such as `conv1/W`; follows numpy.load. The map leaves out None and strings, which
 * Chainer stores beside parameters, and values that no device computes with: objects, dates, complex numbers, records,
 * integers outside int32, and files that are not arrays. `get` of such a key throws the reason.
 *
 * @throws FormatError if the bytes are damaged.
 */
export async function readNpz(bytes: Uint8Array, options: ReadArraysOptions = {}): Promise<Map<string, NDArray>> {
  return (await readers()).arraysOfNpz(bytes, options);
}

/**
 * The arrays of a safetensors file by name. The map leaves out values that no device computes with: numbers of 8 bits
 * and less, complex numbers, integers outside int32. `get` of such a name throws the reason.
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
 * The pixels of a PNG or JPEG file, and in browsers of every format that the browser shows. On every runtime they are
 * as the file stores them: EXIF's orientation is ignored (as by Pillow's `Image.open`; `ImageOps.exif_transpose`
 * applies it there), and so are colour profiles. A CMYK JPEG becomes RGB, as by Pillow's `convert('RGB')`.
 *
 * @param what names the file in errors.
 * @throws FormatError when the file is damaged, of an unknown format, or too large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  what = 'image',
  options: DecodeImageOptions = {},
): Promise<HostImage> {
  return (await import('./image.js')).decodeImage(bytes, what, options);
}
