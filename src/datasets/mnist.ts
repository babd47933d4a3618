/** MNIST (LeCun, Cortes, Burges): 60,000 and 10,000 handwritten digits of 28×28 pixels. */
import type { ArrayDataset } from './array-dataset.js';
import { type IdxFiles, type IdxImagesOptions, idxFilesIn, type LabeledImages, loadIdxImages } from './idx-images.js';

/** Options of {@link getMnist}. */
export interface MnistOptions extends IdxImagesOptions {
  /** A directory (or the URL of one) with the four IDX files under their usual names, or the files themselves. */
  source: string | IdxFiles;
}

/**
 * MNIST as [train, test], labels int32. `scale` is the value of white. Follows chainer.datasets.get_mnist.
 *
 * @throws FormatError if a file is damaged, KeyError if it cannot be read.
 */
export async function getMnist(
  options: MnistOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export async function getMnist(
  options: MnistOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export async function getMnist(options: MnistOptions & { withLabel?: boolean }) {
  const { source, withLabel = true, ...rest } = options;
  const files = typeof source === 'string' ? idxFilesIn(source) : source;
  return withLabel ? loadIdxImages(files, rest) : loadIdxImages(files, { ...rest, withLabel });
}
