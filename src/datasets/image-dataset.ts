/** Pictures in files as examples: (channels, height, width) arrays, decoded when a batch asks for them. */
import { ValueError } from '../errors.js';
import type { HostImage } from '../formats/image.js';
import { hostArray } from '../ndarray/dtype.js';
import { fromHost } from '../ndarray/ndarray.js';
import type { DType, NDArray } from '../ndarray/np.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { type Dataset, placeOf } from './dataset.js';
import { type RunTask, runHere } from './tasks.js';
import { TupleDataset } from './tuple-dataset.js';

/** Options of datasets of pictures. */
export interface ImageDatasetOptions {
  /** The directory that paths are relative to. Default `.`. */
  root?: string;
  /** The arrays' dtype; values are from 0 to 255. Default `float32`. */
  dtype?: DType;
}

/** A picture as an array (channels, height, width). */
export function imageToArray({ width, height, channels, data }: HostImage, dtype: DType = 'float32'): NDArray {
  const planes = hostArray(dtype, data.length);
  const size = width * height;
  for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) planes[c * size + i] = data[i * channels + c];
  return fromHost(planes, [channels, height, width], dtype);
}

/** Pictures that are decoded. */
export class DecodedImages implements Dataset<NDArray> {
  readonly #images: readonly HostImage[];
  readonly #dtype: DType;

  constructor(images: readonly HostImage[], dtype: DType) {
    this.#images = images;
    this.#dtype = dtype;
  }

  /** The number of pictures. */
  get length(): number {
    return this.#images.length;
  }

  get(i: number): NDArray {
    return imageToArray(this.#images[placeOf('get', i, this.length)], this.#dtype);
  }
}

/** Pictures that are decoded when they are fetched: what {@link ImageDataset} and its relatives are. */
export abstract class FetchedImages implements Dataset<NDArray> {
  readonly #dtype: DType;

  constructor(dtype: DType) {
    this.#dtype = dtype;
  }

  abstract get length(): number;

  /** The bytes of a picture's file, and what it is called. */
  protected abstract read(i: number): Promise<[bytes: Uint8Array, name: string]>;

  /** @throws ValueError always: files are read asynchronously. */
  get(i: number): NDArray {
    throw new ValueError(
      `${this.constructor.name}: picture ${i} is in a file; use fetch(${i}), or batches of an iterator`,
    );
  }

  /** One picture. */
  async fetch(i: number): Promise<NDArray> {
    return (await this.load(Int32Array.of(placeOf('fetch', i, this.length)))).get(0);
  }

  /** Reads and decodes the pictures at `indices`, all at a time. */
  async load(indices: Int32Array, run: RunTask = runHere): Promise<Dataset<NDArray>> {
    const images = Array.from(indices, async (i) =>
      run('decodeImage', ...(await this.read(placeOf('load', i, this.length)))),
    );
    return new DecodedImages(await Promise.all(images), this.#dtype);
  }
}

/** A relative path, below a directory; anything else as it is. */
function below(root: string, source: ByteSource): ByteSource {
  const isRelative = typeof source === 'string' && !/^(\/|\\|[a-z][a-z\d+.-]*:)/i.test(source);
  return isRelative && root !== '.' ? `${root.replace(/\/$/, '')}/${source}` : source;
}

/** The lines of a text that have something on them. */
async function readLines(source: ByteSource): Promise<string[]> {
  const text = new TextDecoder().decode(await readBytes(source));
  return text.split('\n').flatMap((line) => line.trim() || []);
}

/** Lines of a path and a label. @throws ValueError if a line is something else. */
export async function readPairs(source: ByteSource): Promise<[path: string, label: number][]> {
  return (await readLines(source)).map((line, i) => {
    const [path, label, ...rest] = line.split(/\s+/);
    if (rest.length > 0 || !/^-?\d+$/.test(label ?? '')) {
      throw new ValueError(`${nameOf(source)}: entry ${i + 1} is not a path and a label: '${line}'`);
    }
    return [path, Number(label)];
  });
}

/**
 * Pictures in files, PNG or JPEG, as arrays (channels, height, width) with values from 0 to 255: paths, URLs, or a page's
 * Files. Grey pictures have one channel. Follows chainer.datasets.ImageDataset.
 */
export class ImageDataset extends FetchedImages {
  readonly #sources: readonly ByteSource[];

  constructor(sources: readonly ByteSource[], options: ImageDatasetOptions = {}) {
    const { root = '.', dtype = 'float32' } = options;
    super(dtype);
    this.#sources = sources.map((source) => below(root, source));
  }

  /** The pictures whose paths are the lines of a text file. */
  static async fromList(list: ByteSource, options?: ImageDatasetOptions): Promise<ImageDataset> {
    return new ImageDataset(await readLines(list), options);
  }

  /** The number of pictures. */
  get length(): number {
    return this.#sources.length;
  }

  protected async read(i: number): Promise<[Uint8Array, string]> {
    const source = this.#sources[i];
    return [await readBytes(source), nameOf(source)];
  }
}

/** Pictures in files with their labels: examples [image, label]. Follows chainer.datasets.LabeledImageDataset. */
export class LabeledImageDataset extends TupleDataset<[images: ImageDataset, labels: Int32Array]> {
  constructor(pairs: readonly (readonly [source: ByteSource, label: number])[], options?: ImageDatasetOptions) {
    const sources = pairs.map(([source]) => source);
    super(
      new ImageDataset(sources, options),
      Int32Array.from(pairs, ([, label]) => label),
    );
  }

  /** The pictures whose paths and labels are the lines of a text file. @throws ValueError if a line is something else. */
  static async fromList(list: ByteSource, options?: ImageDatasetOptions): Promise<LabeledImageDataset> {
    return new LabeledImageDataset(await readPairs(list), options);
  }
}
