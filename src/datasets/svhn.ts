/** SVHN (Netzer et al., 2011): digits of house numbers as colour pictures of 32×32, in MAT-files. */

import { FormatError } from '../errors.js';
import type { Limits } from '../formats/limits.js';
import { parseMat } from '../formats/mat.js';
import { reading } from '../formats/reading.js';
import { formatShape } from '../ndarray/shape.js';
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
  toImageDataset,
} from './labeled-images.js';
import { readFirst } from './source-directory.js';

/** The files of SVHN. */
export interface SvhnFiles {
  /** `train_32x32.mat`. */
  train: ByteSource;
  /** `test_32x32.mat`. */
  test: ByteSource;
  /** `extra_32x32.mat`, needed with `addExtra`. */
  extra?: ByteSource;
}

/** Options of {@link getSvhn}. */
export interface SvhnOptions extends ImagesOptions {
  /** Whether to return the 531,131 easier pictures as a third set. Default false. */
  addExtra?: boolean;
  /** A directory (or the URL of one) with `train_32x32.mat`, …, or the files. Default: they are downloaded once. */
  source?: string | SvhnFiles | null;
}

const SERVER = 'http://ufldl.stanford.edu/housenumbers/';
const MD5 = {
  train: 'e26dedcc434d2e4c54c9b2d4a06d8373',
  test: 'eb5a983be6a315427106f1b164d9cef3',
  extra: 'a93ce644f1a588dc4d68dda5feec44a7',
} as const;
type Part = keyof typeof MD5;

const [CHANNELS, SIDE] = [3, 32];
const SHAPE = [CHANNELS, SIDE, SIDE];

/** The bytes of a part, and their name. */
async function readPart(part: Part, options: SvhnOptions): Promise<[bytes: Uint8Array, name: string]> {
  const { source = null } = options;
  const name = `${part}_32x32.mat`;
  if (source === null) {
    return [await cachedDownload(SERVER + name, { ...downloadOptionsOf(options), md5: MD5[part] }), name];
  }
  if (typeof source === 'string') return [await readFirst(source, [name], options), name];
  const file = source[part];
  if (!file) throw new FormatError(`getSvhn: the source has no '${part}'`);
  return [await readBytes(file, transferOptionsOf(options), 'getSvhn'), nameOf(file)];
}

/** Exchanges the two axes of each plane of a picture: MATLAB stores columns. */
function transposePlanes(columns: Uint8Array): Uint8Array {
  const rows = new Uint8Array(columns.length);
  const plane = SIDE * SIDE;
  for (let start = 0; start < columns.length; start += plane) {
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) rows[start + y * SIDE + x] = columns[start + x * SIDE + y];
  }
  return rows;
}

/** The pictures of a file: `X` of (32, 32, 3, N) bytes, `y` of N labels, in which 10 stands for the digit 0. */
async function readPictures(bytes: Uint8Array, name: string, limits?: Limits): Promise<RawImages> {
  const arrays = await reading('mat', bytes, name, () => parseMat(bytes, name, limits));
  const [X, y] = [arrays.get('X'), arrays.get('y')];
  const [n = -1, ...picture] = X?.shape ?? [];
  if (X?.dtype !== 'uint8' || formatShape(picture) !== formatShape(SHAPE) || !y || y.data.length !== n) {
    throw new FormatError(`${name}: it does not hold pictures X and as many labels y`);
  }
  const labels = Int32Array.from({ length: n }, (_, i) => Number(y.data[i]) % 10);
  return { pixels: transposePlanes(X.data), labels };
}

/**
 * SVHN as [train, test], or [train, test, extra] with `addExtra`; examples [image (3, 32, 32), label]. Follows
 * chainer.datasets.get_svhn.
 *
 * @throws FormatError if a file is damaged, FileError if it cannot be had.
 */
export async function getSvhn(
  options: SvhnOptions & { withLabel: false; addExtra: true },
): Promise<[train: ArrayDataset, test: ArrayDataset, extra: ArrayDataset]>;
export async function getSvhn(
  options: SvhnOptions & { withLabel: false; addExtra?: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function getSvhn(
  options: SvhnOptions & { withLabel?: true; addExtra: true },
): Promise<[train: LabeledImages, test: LabeledImages, extra: LabeledImages]>;
export async function getSvhn(
  options?: SvhnOptions & { withLabel?: true; addExtra?: false },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function getSvhn(options: SvhnOptions = {}): Promise<(ArrayDataset | LabeledImages)[]> {
  checkOptions('getSvhn', options, { ...IMAGES_OPTIONS, addExtra: false, source: null });
  const parts: Part[] = options.addExtra ? ['train', 'test', 'extra'] : ['train', 'test'];
  const files = await Promise.all(parts.map((part) => readPart(part, options)));
  return Promise.all(
    files.map(async ([bytes, name]) => toImageDataset(await readPictures(bytes, name, options.limits), SHAPE, options)),
  );
}
