/** Datasets in MNIST's format: four IDX files of 28×28 images and labels. `mnist.ts` and its neighbours name the files. */

import { FormatError, ValueError } from '../errors.js';
import { parseIdx } from '../formats/idx.js';
import { reading } from '../formats/reading.js';
import { formatShape, type Shape } from '../ndarray/shape.js';
import { checkOptions } from '../options.js';
import { cachedDownload } from '../serializers/cached-download.js';
import { downloadOptionsOf, transferOptionsOf } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import type { ArrayDataset } from './array-dataset.js';
import { IMAGES_OPTIONS, type ImagesOptions, type LabeledImages, toImageDataset } from './labeled-images.js';
import { readFirst } from './source-directory.js';

/** The files of a dataset in MNIST's format, gzipped or not. */
export interface IdxFiles {
  /** The file of training images, gzipped or not. */
  trainImages: ByteSource;
  /** The file of their labels, gzipped or not. */
  trainLabels: ByteSource;
  /** The file of test images, gzipped or not. */
  testImages: ByteSource;
  /** The file of their labels, gzipped or not. */
  testLabels: ByteSource;
}

/** The published form of a dataset in MNIST's format: the address of a folder, and the MD5 sums of its four gzipped files. */
export interface PublishedIdx {
  /** The function that returns it, for messages. */
  readonly getter?: string;
  readonly url: string;
  readonly md5: Readonly<Record<keyof IdxFiles, string>>;
}

/** Options of datasets in MNIST's format. */
export interface IdxDatasetOptions extends ImagesOptions {
  /** 1: shape (784,), the default; 2: (28, 28); 3: (1, 28, 28), as convolutions take it. */
  ndim?: 1 | 2 | 3;
  /** With `ndim: 3`, three equal channels instead of one. Default false. */
  rgbFormat?: boolean;
  /**
   * A directory (or the URL of one) with the four IDX files under their usual names, gzipped or not, or the files themselves.
   * Default: they are downloaded once.
   */
  source?: string | IdxFiles | null;
}

const NAMES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const satisfies Record<keyof IdxFiles, string>;

/** The four files, each found by `give`. */
async function collect(give: (key: keyof IdxFiles, name: string) => Promise<ByteSource>): Promise<IdxFiles> {
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    give('trainImages', NAMES.trainImages),
    give('trainLabels', NAMES.trainLabels),
    give('testImages', NAMES.testImages),
    give('testLabels', NAMES.testLabels),
  ]);
  return { trainImages, trainLabels, testImages, testLabels };
}

function findFiles(published: PublishedIdx, options: IdxDatasetOptions): Promise<IdxFiles> | IdxFiles {
  const { source = null } = options;
  const download = downloadOptionsOf(options);
  if (typeof source === 'string') return collect((_, name) => readFirst(source, [name, `${name}.gz`], options));
  if (source !== null) return source;
  return collect((key, name) => cachedDownload(`${published.url}${name}.gz`, { ...download, md5: published.md5[key] }));
}

async function readIdx(
  source: ByteSource,
  ndim: number,
  options: IdxDatasetOptions,
): Promise<{ shape: Shape; data: Uint8Array }> {
  const name = nameOf(source);
  const bytes = await readBytes(source, transferOptionsOf(options), 'getIdxDataset');
  const { shape, dtype, data } = await reading('idx', bytes, name, () => parseIdx(bytes, name, options.limits));
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

/** Every image `copies` times, one copy after the other: grey images as three channels. */
function repeatImages(data: Uint8Array, size: number, copies: number): Uint8Array {
  const out = new Uint8Array(data.length * copies);
  for (let from = 0, at = 0; from < data.length; from += size) {
    for (let c = 0; c < copies; c++, at += size) out.set(data.subarray(from, from + size), at);
  }
  return out;
}

async function readImages(
  imageSource: ByteSource,
  labelSource: ByteSource,
  options: IdxDatasetOptions,
): Promise<ArrayDataset | LabeledImages> {
  const { ndim = 1, rgbFormat = false } = options;
  const [images, labels] = await Promise.all([readIdx(imageSource, 3, options), readIdx(labelSource, 1, options)]);
  const [count, height, width] = images.shape;
  if (count !== labels.shape[0]) {
    throw new FormatError(
      `${nameOf(imageSource)}: ${count} images, but ${labels.shape[0]} labels in ${nameOf(labelSource)}`,
    );
  }
  const shape = imageShape([height, width], ndim, rgbFormat);
  const pixels = ndim === 3 && rgbFormat ? repeatImages(images.data, height * width, 3) : images.data;
  return toImageDataset({ pixels, labels: Int32Array.from(labels.data) }, shape, options);
}

/**
 * The training and the test set of a dataset in MNIST's format.
 *
 * @throws FormatError if a file is damaged or images and labels do not match, FileError if one cannot be had.
 */
export async function getIdxDataset(
  published: PublishedIdx,
  options: IdxDatasetOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function getIdxDataset(
  published: PublishedIdx,
  options?: IdxDatasetOptions,
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function getIdxDataset(
  published: PublishedIdx,
  options: IdxDatasetOptions = {},
): Promise<(ArrayDataset | LabeledImages)[]> {
  checkOptions(published.getter ?? 'getIdxDataset', options, {
    ...IMAGES_OPTIONS,
    ndim: 1,
    rgbFormat: false,
    source: null,
  });
  const files = await findFiles(published, options);
  return Promise.all([
    readImages(files.trainImages, files.trainLabels, options),
    readImages(files.testImages, files.testLabels, options),
  ]);
}
