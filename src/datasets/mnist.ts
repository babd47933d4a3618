/** MNIST (LeCun, Cortes, Burges): 60,000 and 10,000 handwritten digits of 28×28 pixels. */
import type { ArrayDataset } from './array-dataset.js';
import { getIdxDataset, type IdxDatasetOptions, type PublishedIdx } from './idx-images.js';
import type { LabeledImages } from './labeled-images.js';

/** A mirror; the authors' own server no longer gives the files. */
const MNIST: PublishedIdx = {
  getter: 'getMnist',
  url: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  md5: {
    trainImages: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
    trainLabels: 'd53e105ee54ea40749a09fcbcd1e9432',
    testImages: '9fb629c4189551a2d022fa330f9573f3',
    testLabels: 'ec29112dd5afa0611ce80d1b7f02629c',
  },
};

/** Options of {@link getMnist}. */
export type MnistOptions = IdxDatasetOptions;

/**
 * MNIST as [train, test], labels int32, downloaded once unless `source` names a directory. Follows
 * chainer.datasets.get_mnist.
 *
 * @throws FormatError if a file is damaged, FileError if it cannot be had.
 */
export function getMnist(
  options: MnistOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export function getMnist(
  options?: MnistOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export function getMnist({ withLabel = true, ...options }: MnistOptions = {}) {
  return withLabel ? getIdxDataset(MNIST, options) : getIdxDataset(MNIST, { ...options, withLabel });
}
