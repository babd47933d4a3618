/** Datasets of pictures in zip archives. */

import { KeyError } from '../errors.js';
import type { Limits } from '../formats/limits.js';
import { reading } from '../formats/reading.js';
import { usualSize } from '../formats/rehearsal.js';
import { ZipArchive } from '../formats/zip.js';
import type { NDArray } from '../ndarray/np.js';
import { checkOptions } from '../options.js';
import { SEVERAL_TRANSFERS_OPTIONS, transferOptionsOf } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { ConcatenatedDataset } from './concatenated-dataset.js';
import { FetchedImages, type ImageDatasetOptions, type LabeledPath, readPairs } from './image-dataset.js';
import { Selection } from './selection.js';
import { TupleDataset } from './tuple-dataset.js';

/** Options of pictures in archives. */
export interface ZippedImageDatasetOptions extends Omit<ImageDatasetOptions, 'root' | 'limits'> {
  /**
   * `pixels`: the largest picture, by default 10⁸; `bytes`: the most bytes that all entries of the archive may declare, by default 32
   * MiB, or 32 times the archive if that is more; `nodes`: the largest number of entries.
   */
  limits?: Limits;
}

/**
 * The pictures of a zip archive, in its order, as {@link ImageDataset} gives them. `await ZippedImageDataset.open(…)` makes it, and it
 * holds the archive in memory. Follows chainer.datasets.ZippedImageDataset.
 */
export class ZippedImageDataset extends FetchedImages {
  readonly #archive: ZipArchive;
  readonly #names: readonly string[];
  /** The indices of pictures by name. */
  readonly #places: ReadonlyMap<string, number>;

  private constructor(archive: ZipArchive, options: ZippedImageDatasetOptions) {
    const { pixels } = options.limits ?? {};
    super(options.dtype ?? 'float32', { pixels });
    this.#archive = archive;
    this.#names = archive.names();
    this.#places = new Map(this.#names.map((name, place) => [name, place]));
  }

  /** Reads an archive. @throws FormatError if it is damaged. */
  static async open(source: ByteSource, options: ZippedImageDatasetOptions = {}): Promise<ZippedImageDataset> {
    checkOptions('ZippedImageDataset.open', options, { dtype: null, limits: {}, ...SEVERAL_TRANSFERS_OPTIONS });
    const transfer = transferOptionsOf(options);
    const [bytes, name] = [await readBytes(source, transfer, 'ZippedImageDataset.open'), nameOf(source)];
    const archive = await reading(
      'zip',
      bytes,
      name,
      () => new ZipArchive(bytes, name, { bytes: usualSize(bytes.length), ...options.limits }),
    );
    return new ZippedImageDataset(archive, options);
  }

  /** The number of pictures in the archive. */
  get length(): number {
    return this.#names.length;
  }

  /** Whether there is a file of that name. */
  has(name: string): boolean {
    return this.#archive.has(name);
  }

  /** The index of a file. @throws KeyError if there is none of that name. */
  indexOf(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new KeyError(`ZippedImageDataset: there is no '${name}' in the archive`);
    return place;
  }

  protected async read(i: number): Promise<[Uint8Array, string]> {
    return [this.#archive.read(this.#names[i]), this.#names[i]];
  }
}

/** The pictures of several archives, one after another. Follows chainer.datasets.MultiZippedImageDataset. */
export class MultiZippedImageDataset extends ConcatenatedDataset<ZippedImageDataset> {
  private constructor(archives: readonly ZippedImageDataset[]) {
    super(...archives);
  }

  /** Reads archives. @throws FormatError if one is damaged. */
  static async open(
    sources: readonly ByteSource[],
    options?: ZippedImageDatasetOptions,
  ): Promise<MultiZippedImageDataset> {
    const archives = await Promise.all(sources.map((source) => ZippedImageDataset.open(source, options)));
    return new MultiZippedImageDataset(archives);
  }
}

/**
 * Pictures of a zip archive with labels: examples [image, label]. A text file has lines of a path in the archive and a label. Follows
 * chainer.datasets.LabeledZippedImageDataset.
 */
export class LabeledZippedImageDataset extends TupleDataset<[images: Selection<NDArray>, labels: Int32Array]> {
  private constructor(images: ZippedImageDataset, pairs: readonly LabeledPath[]) {
    const places = Int32Array.from(pairs, ({ path, where }) => {
      if (!images.has(path)) throw new KeyError(`${where}: there is no '${path}' in the archive`);
      return images.indexOf(path);
    });
    super(
      new Selection(images, places),
      Int32Array.from(pairs, ({ label }) => label),
    );
  }

  /**
   * Reads an archive and its labels.
   *
   * @throws KeyError if the archive lacks a picture, ValueError if a line is not a path and a label; both name the line.
   */
  static async open(
    source: ByteSource,
    labels: ByteSource,
    options?: ZippedImageDatasetOptions,
  ): Promise<LabeledZippedImageDataset> {
    const [images, pairs] = await Promise.all([ZippedImageDataset.open(source, options), readPairs(labels, options)]);
    return new LabeledZippedImageDataset(images, pairs);
  }
}
