/**
 * What the datasets in MNIST's format have in common: four IDX files of 28×28 images and labels. Where the files come from is
 * the caller's business.
 */
import { FormatError, ValueError } from '../errors.js';
import { parseIdx } from '../formats/idx.js';
import type { DType } from '../ndarray/np.js';
import { formatShape, type Shape } from '../ndarray/shape.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { ArrayDataset } from './array-dataset.js';
import { TupleDataset } from './tuple-dataset.js';

/** The files of a dataset in MNIST's format, gzipped or not. */
export interface IdxFiles {
  trainImages: ByteSource;
  trainLabels: ByteSource;
  testImages: ByteSource;
  testLabels: ByteSource;
}

/** How images and labels are given. */
export interface IdxImagesOptions {
  /** Whether examples are [image, label] or the image alone. Default true. */
  withLabel?: boolean;
  /** 1: shape (784,), the default; 2: (28, 28); 3: (1, 28, 28), what convolutions take. */
  ndim?: 1 | 2 | 3;
  /** The value of white: pixels are from 0 to `scale`. Default 1. */
  scale?: number;
  /** The images' dtype. Default `float32`. */
  dtype?: DType;
  /** With `ndim: 3`, three equal channels instead of one. Default false. */
  rgbFormat?: boolean;
}

/** Images with their labels. */
export type LabeledImages = TupleDataset<[images: ArrayDataset, labels: Int32Array]>;

const TRAIN = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'] as const;
const TEST = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] as const;

/** The files of a directory or of a URL's folder, under their usual names followed by `suffix`. */
export function idxFilesIn(directory: string, suffix = ''): IdxFiles {
  const [trainImages, trainLabels, testImages, testLabels] = [...TRAIN, ...TEST].map(
    (name) => `${directory.replace(/\/$/, '')}/${name}${suffix}`,
  );
  return { trainImages, trainLabels, testImages, testLabels };
}

async function readIdx(source: ByteSource, ndim: number): Promise<{ shape: Shape; data: Uint8Array }> {
  const name = nameOf(source);
  const { shape, dtype, data } = parseIdx(await readBytes(source), name);
  if (dtype !== 'uint8' || !(data instanceof Uint8Array) || shape.length !== ndim) {
    throw new FormatError(`${name}: expected bytes in ${ndim} dimensions, found ${dtype} ${formatShape(shape)}`);
  }
  return { shape, data };
}

/** The shape of one image. */
function imageShape([height, width]: Shape, ndim: number, rgbFormat: boolean): Shape {
  const shapes: Readonly<Record<number, Shape>> = {
    1: [height * width],
    2: [height, width],
    3: [rgbFormat ? 3 : 1, height, width],
  };
  const shape = shapes[ndim];
  if (!shape) throw new ValueError(`ndim: ${ndim} is not 1, 2 or 3`);
  return shape;
}

/** Every image `copies` times, one copy after the other: grey as three channels. */
function repeatImages(data: Uint8Array, size: number, copies: number): Uint8Array {
  const out = new Uint8Array(data.length * copies);
  for (let from = 0, at = 0; from < data.length; from += size) {
    for (let c = 0; c < copies; c++, at += size) out.set(data.subarray(from, from + size), at);
  }
  return out;
}

async function loadImages(
  imageSource: ByteSource,
  labelSource: ByteSource,
  options: IdxImagesOptions,
): Promise<{ images: ArrayDataset; labels: Int32Array }> {
  const { ndim = 1, scale = 1, dtype = 'float32', rgbFormat = false } = options;
  const [images, labels] = await Promise.all([readIdx(imageSource, 3), readIdx(labelSource, 1)]);
  if (images.shape[0] !== labels.shape[0]) {
    throw new FormatError(
      `${nameOf(imageSource)}: ${images.shape[0]} images, but ${labels.shape[0]} labels in ${nameOf(labelSource)}`,
    );
  }
  const [, height, width] = images.shape;
  const shape = imageShape([height, width], ndim, rgbFormat);
  const data = ndim === 3 && rgbFormat ? repeatImages(images.data, height * width, 3) : images.data;
  return {
    images: new ArrayDataset(data, shape, { dtype, scale: scale / 255 }),
    labels: Int32Array.from(labels.data),
  };
}

/** The training and the test set of IDX files. @throws FormatError if a file is damaged or images and labels do not match. */
export async function loadIdxImages(
  files: IdxFiles,
  options: IdxImagesOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function loadIdxImages(
  files: IdxFiles,
  options?: IdxImagesOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function loadIdxImages(
  files: IdxFiles,
  options: IdxImagesOptions = {},
): Promise<(ArrayDataset | LabeledImages)[]> {
  const sets = await Promise.all([
    loadImages(files.trainImages, files.trainLabels, options),
    loadImages(files.testImages, files.testLabels, options),
  ]);
  return sets.map(({ images, labels }) => (options.withLabel === false ? images : new TupleDataset(images, labels)));
}
