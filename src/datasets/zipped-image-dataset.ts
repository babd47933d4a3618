/** Pictures in zip archives as examples. */
import { KeyError } from '../errors.js';
import { ZipArchive } from '../formats/zip.js';
import type { NDArray } from '../ndarray/np.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { ConcatenatedDataset } from './concatenated-dataset.js';
import { FetchedImages, type ImageDatasetOptions, readPairs } from './image-dataset.js';
import { Selection } from './selection.js';
import { TupleDataset } from './tuple-dataset.js';

/** Options of pictures in archives. */
export type ZippedImageDatasetOptions = Omit<ImageDatasetOptions, 'root'>;

/**
 * The pictures of a zip archive, in its order, as {@link ImageDataset} gives them; made by `await ZippedImageDataset.open(…)`. The
 * archive is held in memory. Follows chainer.datasets.ZippedImageDataset.
 */
export class ZippedImageDataset extends FetchedImages {
  readonly #archive: ZipArchive;
  readonly #names: readonly string[];

  private constructor(archive: ZipArchive, options: ZippedImageDatasetOptions) {
    super(options.dtype ?? 'float32');
    this.#archive = archive;
    this.#names = archive.names();
  }

  /** Reads an archive. @throws FormatError if it is damaged. */
  static async open(source: ByteSource, options: ZippedImageDatasetOptions = {}): Promise<ZippedImageDataset> {
    return new ZippedImageDataset(new ZipArchive(await readBytes(source), nameOf(source)), options);
  }

  /** The number of pictures in the archive. */
  get length(): number {
    return this.#names.length;
  }

  /** The place of a file. @throws KeyError if there is none of that name. */
  indexOf(name: string): number {
    const place = this.#names.indexOf(name);
    if (place < 0) throw new KeyError(`ZippedImageDataset: there is no '${name}' in the archive`);
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
 * Pictures of a zip archive with labels that a text file gives, as lines of a path in the archive and a label: examples
 * [image, label]. Follows chainer.datasets.LabeledZippedImageDataset.
 */
export class LabeledZippedImageDataset extends TupleDataset<[images: Selection<NDArray>, labels: Int32Array]> {
  private constructor(images: ZippedImageDataset, pairs: readonly (readonly [path: string, label: number])[]) {
    const places = Int32Array.from(pairs, ([path]) => images.indexOf(path));
    super(
      new Selection(images, places),
      Int32Array.from(pairs, ([, label]) => label),
    );
  }

  /** Reads an archive and its labels. @throws KeyError if a picture is missing, ValueError if a line is no path and label. */
  static async open(
    source: ByteSource,
    labels: ByteSource,
    options?: ZippedImageDatasetOptions,
  ): Promise<LabeledZippedImageDataset> {
    const [images, pairs] = await Promise.all([ZippedImageDataset.open(source, options), readPairs(labels)]);
    return new LabeledZippedImageDataset(images, pairs);
  }
}
