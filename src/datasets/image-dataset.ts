/** Pictures in files as examples: (channels, height, width) arrays, decoded when a batch asks for them. */

import { FormatError, ValueError } from '../errors.js';
import type { HostImage } from '../formats/image.js';
import type { Limits } from '../formats/limits.js';
import { reading } from '../formats/reading.js';
import { hostArray } from '../ndarray/dtype.js';
import { fromHost } from '../ndarray/ndarray.js';
import type { DType, NDArray } from '../ndarray/np.js';
import { checkOptions } from '../options.js';
import { Described, made } from '../printing.js';
import { SEVERAL_TRANSFERS_OPTIONS, type SeveralTransfersOptions, transferOptionsOf } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { type Dataset, placeOf } from './dataset.js';
import { type RunTask, runHere } from './tasks.js';
import { TupleDataset } from './tuple-dataset.js';

/** Options of datasets of pictures. */
export interface ImageDatasetOptions extends SeveralTransfersOptions {
  /** The directory of relative paths. Default `.`. */
  root?: string;
  /** The arrays' dtype; values are from 0 to 255. Default `float32`. */
  dtype?: DType;
  /** The largest picture: `pixels`, by default 10⁸, and `bytes` when decoded. */
  limits?: Limits;
}

/** A picture as an array (channels, height, width). */
function imageToArray({ width, height, channels, data }: HostImage, dtype: DType = 'float32'): NDArray {
  const planes = hostArray(dtype, data.length);
  const size = width * height;
  for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) planes[c * size + i] = data[i * channels + c];
  return fromHost(planes, [channels, height, width], dtype);
}

/** Decoded pictures. */
class DecodedImages extends Described implements Dataset<NDArray> {
  readonly #images: readonly HostImage[];
  readonly #dtype: DType;

  constructor(images: readonly HostImage[], dtype: DType) {
    super();
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

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, dtype: this.#dtype };
  }
}

/** Pictures that are decoded when they are fetched: the base class of {@link ImageDataset} and its relatives. */
export abstract class FetchedImages extends Described implements Dataset<NDArray> {
  readonly #dtype: DType;
  readonly #limits: Limits | undefined;

  constructor(dtype: DType, limits?: Limits) {
    super();
    this.#dtype = dtype;
    this.#limits = limits;
  }

  abstract get length(): number;

  /** The bytes of a picture's file, and its name. */
  protected abstract read(i: number): Promise<[bytes: Uint8Array, name: string]>;

  /** @throws ValueError always: files are read asynchronously. */
  get(i: number): NDArray {
    throw new ValueError(
      `${this.constructor.name}: picture ${i} is in a file; use fetch(${i}), or batches of an iterator`,
    );
  }

  /** Reads and decodes one picture. */
  async fetch(i: number): Promise<NDArray> {
    return (await this.load(Int32Array.of(placeOf('fetch', i, this.length)))).get(0);
  }

  /** Reads and decodes the pictures at `indices` concurrently. */
  async load(indices: Int32Array, run: RunTask = runHere): Promise<Dataset<NDArray>> {
    const options = { limits: this.#limits };
    const images = Array.from(indices, async (i) =>
      run('decodeImage', ...(await this.read(placeOf('load', i, this.length))), options),
    );
    return new DecodedImages(await Promise.all(images), this.#dtype);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, dtype: this.#dtype };
  }
}

/** A relative path below a directory; any other source as it is. */
function below(root: string, source: ByteSource): ByteSource {
  const isRelative = typeof source === 'string' && !/^(\/|\\|[a-z][a-z\d+.-]*:)/i.test(source);
  return isRelative && root !== '.' ? `${root.replace(/\/$/, '')}/${source}` : source;
}

/** A line of a text file, and its number, which counts from 1. */
interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a text that are not blank. @throws FormatError if the file is not UTF-8 text. */
async function readLines(source: ByteSource, options: SeveralTransfersOptions = {}): Promise<Line[]> {
  const [bytes, name] = [await readBytes(source, transferOptionsOf(options)), nameOf(source)];
  const text = await reading('text', bytes, name, () => decodeText(bytes, name));
  const lines = text.split(/\r\n?|\n/).map((line, i) => ({ text: line.trim(), number: i + 1 }));
  return lines.filter((line) => line.text !== '');
}

function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.includes(0)) throw new FormatError(`${name}: not a text: it holds zero bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${name}: not a text in UTF-8 (${bytes.length} bytes)`, { cause });
  }
}

/** A picture that a list names, its label, and the line of the list. */
export interface LabeledPath {
  readonly path: string;
  readonly label: number;
  /** The list and the line, for errors. */
  readonly where: string;
}

/** Lines of a path and a label. @throws ValueError that names the first line of another form. */
export async function readPairs(source: ByteSource, options: SeveralTransfersOptions = {}): Promise<LabeledPath[]> {
  return (await readLines(source, options)).map(({ text, number }) => {
    const where = `${nameOf(source)}: line ${number}`;
    const [path, label, ...rest] = text.split(/\s+/);
    if (label === undefined || rest.length > 0) {
      throw new ValueError(`${where}: expected a path and a label with a space between, got ${text.slice(0, 200)}`);
    }
    const value = Number(label);
    if (!/^[-+]?\d+$/.test(label) || value !== (value | 0)) {
      throw new ValueError(`${where}: expected an integer of 32 bits as label, got ${label} (${text.slice(0, 200)})`);
    }
    return { path, label: value, where };
  });
}

/**
 * Pictures in files, PNG or JPEG, as arrays (channels, height, width) with values from 0 to 255: paths, URLs, or a page's
 * Files. Grey pictures have one channel. Follows chainer.datasets.ImageDataset.
 */
export class ImageDataset extends FetchedImages {
  readonly #sources: readonly ByteSource[];
  readonly #transfer: SeveralTransfersOptions;

  constructor(sources: readonly ByteSource[], options: ImageDatasetOptions = {}) {
    checkOptions('ImageDataset', options, { root: '.', dtype: null, limits: {}, ...SEVERAL_TRANSFERS_OPTIONS });
    const { root = '.', dtype = 'float32' } = options;
    super(dtype, options.limits);
    this.#sources = sources.map((source) => below(root, source));
    this.#transfer = transferOptionsOf(options);
  }

  /** The pictures whose paths are the lines of a text file. */
  static async fromList(list: ByteSource, options?: ImageDatasetOptions): Promise<ImageDataset> {
    const lines = await readLines(list, options);
    return new ImageDataset(
      lines.map(({ text }) => text),
      options,
    );
  }

  /** The number of pictures. */
  get length(): number {
    return this.#sources.length;
  }

  protected async read(i: number): Promise<[Uint8Array, string]> {
    const source = this.#sources[i];
    return [await readBytes(source, this.#transfer, 'ImageDataset'), nameOf(source)];
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

  /**
   * The pictures whose paths and labels are the lines of a text file.
   *
   * @throws ValueError that names the first line of another form; FileError if the file cannot be read.
   */
  static async fromList(list: ByteSource, options?: ImageDatasetOptions): Promise<LabeledImageDataset> {
    const pairs = await readPairs(list, options);
    return new LabeledImageDataset(
      pairs.map(({ path, label }) => [path, label] as const),
      options,
    );
  }
}
