/** CIFAR-10 and CIFAR-100 (Krizhevsky, 2009): 50,000 and 10,000 colour pictures of 32×32, in the authors' binary version. */

import { FileError, FormatError } from '../errors.js';
import { gunzip, isGzip } from '../formats/gzip.js';
import type { Limits } from '../formats/limits.js';
import { reading } from '../formats/reading.js';
import { readTar } from '../formats/tar.js';
import { checkOptions } from '../options.js';
import { cachedDownload } from '../serializers/cached-download.js';
import { downloadOptionsOf, transferOptionsOf } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import type { ArrayDataset } from './array-dataset.js';
import {
  IMAGES_OPTIONS,
  type ImagesOptions,
  type LabeledImages,
  type RawImages,
  shapeFor,
  toImageDataset,
} from './labeled-images.js';
import { readFirst } from './source-directory.js';

/** Options of {@link getCifar10} and {@link getCifar100}. */
export interface CifarOptions extends ImagesOptions {
  /** 1: shape (3072,); 3: (3, 32, 32), the default. */
  ndim?: 1 | 3;
  /**
   * A directory with the archive (`cifar-10-binary.tar.gz`) or with its files, or the archive itself. Default: it is downloaded once.
   */
  source?: ByteSource | null;
}

/** The published form of one of the two sets. */
interface Published {
  /** The function that returns it, for messages. */
  readonly getter: string;
  readonly archive: string;
  readonly md5: string;
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** The number of bytes before a picture; the last is the label. */
  readonly labelBytes: number;
}

const SERVER = 'https://www.cs.toronto.edu/~kriz/';
const SHAPE = [3, 32, 32];
const PICTURE = 3 * 32 * 32;

const CIFAR10: Published = {
  getter: 'getCifar10',
  archive: 'cifar-10-binary.tar.gz',
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  folder: 'cifar-10-batches-bin',
  train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
  test: ['test_batch.bin'],
  labelBytes: 1,
};

const CIFAR100: Published = {
  getter: 'getCifar100',
  archive: 'cifar-100-binary.tar.gz',
  md5: '03b5dce01913d631647c71ecec9e9cb8',
  folder: 'cifar-100-binary',
  train: ['train.bin'],
  test: ['test.bin'],
  labelBytes: 2,
};

/** Reads a file of the set by its name. */
type FindFile = (name: string) => Promise<Uint8Array>;

/** The files in an archive. @throws FormatError if one is missing. */
async function filesOfArchive(
  bytes: Uint8Array,
  { folder }: Published,
  what: string,
  limits?: Limits,
): Promise<FindFile> {
  const files = await reading('tar', bytes, what, () =>
    readTar(isGzip(bytes) ? gunzip(bytes, what, limits) : bytes, what),
  );
  return async (name) => {
    const file = files.get(`${folder}/${name}`);
    if (!file) throw new FormatError(`${what}: there is no ${folder}/${name} in it`);
    return file;
  };
}

/** Returns null for an error that means that there is no such file. @throws any other error. */
function nullIfMissing(error: unknown): null {
  if (error instanceof FileError && error.code === 'ENOENT') return null;
  throw error;
}

async function openFiles(published: Published, options: CifarOptions): Promise<FindFile> {
  const { source = null, limits } = options;
  const { archive, folder, md5 } = published;
  if (source === null) {
    const bytes = await cachedDownload(SERVER + archive, { ...downloadOptionsOf(options), md5 });
    return filesOfArchive(bytes, published, archive, limits);
  }
  if (typeof source !== 'string' || /\.tar(\.gz)?$|\.tgz$/.test(source)) {
    const bytes = await readBytes(source, transferOptionsOf(options), published.getter);
    return filesOfArchive(bytes, published, nameOf(source), limits);
  }
  const packed = await readFirst(source, [archive], options).catch(nullIfMissing);
  return packed
    ? filesOfArchive(packed, published, archive, limits)
    : (name) => readFirst(source, [name, `${folder}/${name}`], options);
}

/** The pictures of files of records. A record holds labels, then the red, green and blue plane. */
async function readRecords(find: FindFile, names: readonly string[], labelBytes: number): Promise<RawImages> {
  const files = await Promise.all(names.map(find));
  const record = labelBytes + PICTURE;
  for (const [i, { length }] of files.entries()) {
    if (length % record !== 0)
      throw new FormatError(`${names[i]}: ${length} bytes are not a whole number of records of ${record} bytes`);
  }
  const total = files.reduce((n, { length }) => n + length / record, 0);
  const pixels = new Uint8Array(total * PICTURE);
  const labels = new Int32Array(total);
  let n = 0;
  for (const file of files) {
    for (let at = 0; at < file.length; at += record, n++) {
      labels[n] = file[at + labelBytes - 1];
      pixels.set(file.subarray(at + labelBytes, at + record), n * PICTURE);
    }
  }
  return { pixels, labels };
}

async function getCifar(published: Published, options: CifarOptions): Promise<(ArrayDataset | LabeledImages)[]> {
  checkOptions(published.getter, options, { ...IMAGES_OPTIONS, ndim: 3, source: null });
  const shape = shapeFor(options.ndim ?? 3, SHAPE);
  const find = await openFiles(published, options);
  const { train, test, labelBytes } = published;
  const sets = await Promise.all([train, test].map((names) => readRecords(find, names, labelBytes)));
  return sets.map((raw) => toImageDataset(raw, shape, options));
}

/**
 * CIFAR-10 as [train, test], labels int32: airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck. Follows
 * chainer.datasets.get_cifar10.
 *
 * @throws FormatError if a file is damaged, FileError if it cannot be had.
 */
export async function getCifar10(
  options: CifarOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function getCifar10(
  options?: CifarOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function getCifar10(options: CifarOptions = {}): Promise<(ArrayDataset | LabeledImages)[]> {
  return getCifar(CIFAR10, options);
}

/** CIFAR-100 as [train, test], with the 100 fine labels; see {@link getCifar10}. Follows chainer.datasets.get_cifar100. */
export async function getCifar100(
  options: CifarOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function getCifar100(
  options?: CifarOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function getCifar100(options: CifarOptions = {}): Promise<(ArrayDataset | LabeledImages)[]> {
  return getCifar(CIFAR100, options);
}
