/** Datasets of small pictures in memory, with or without labels: the well-known image sets are made by it. */
import { ValueError } from '../errors.js';
import type { Limits } from '../formats/limits.js';
import type { DType } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { type DownloadOptions, SEVERAL_TRANSFERS_OPTIONS } from '../serializers/download.js';
import { ArrayDataset } from './array-dataset.js';
import { TupleDataset } from './tuple-dataset.js';

/** Images with their labels. */
export type LabeledImages = TupleDataset<[images: ArrayDataset, labels: Int32Array]>;

/** Options of image sets and of their downloads. The checksums are not among them: the package knows them. */
export interface ImagesOptions extends Omit<DownloadOptions, 'md5' | 'sha256'> {
  /** Whether examples are [image, label] instead of images alone. Default true. */
  withLabel?: boolean;
  /** The value of white: pixels are from 0 to `scale`. Default 1. */
  scale?: number;
  /** The images' dtype. Default `float32`. */
  dtype?: DType;
  /** Limits for the files: the `bytes` of a decompressed one, by default 32 MiB, or 32 times the file if that is more. */
  limits?: Limits;
}

/** The names of {@link ImagesOptions}. */
export const IMAGES_OPTIONS: Readonly<Record<keyof ImagesOptions, unknown>> = {
  withLabel: true,
  scale: 1,
  dtype: null,
  limits: {},
  cacheDirectory: null,
  ...SEVERAL_TRANSFERS_OPTIONS,
};

/** Pictures of one shape, one after another, and their labels. */
export interface RawImages {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

/** A dataset of pictures in the shape that the options ask for. */
export function toImageDataset(
  { pixels, labels }: RawImages,
  shape: Shape,
  { withLabel = true, scale = 1, dtype = 'float32' }: ImagesOptions,
): ArrayDataset | LabeledImages {
  const images = new ArrayDataset(pixels, shape, { dtype, scale: scale / 255 });
  return withLabel ? new TupleDataset(images, labels) : images;
}

/** The shape for a number of dimensions: 1, flat, or 3. @throws ValueError for another number. */
export function shapeFor(ndim: number, shape: Shape): Shape {
  if (ndim === 3) return shape;
  if (ndim === 1) return [shape.reduce((a, b) => a * b)];
  throw new ValueError(`ndim: ${ndim} is not 1 or 3`);
}
