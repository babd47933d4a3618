/** Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017): clothes, in MNIST's format. */
import type { ArrayDataset } from './array-dataset.js';
import { getIdxDataset, type IdxDatasetOptions, type PublishedIdx } from './idx-images.js';
import type { LabeledImages } from './labeled-images.js';

const FASHION_MNIST: PublishedIdx = {
  getter: 'getFashionMnist',
  url: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  md5: {
    trainImages: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
    trainLabels: '25c81989df183df01b3e8a0aad5dffbe',
    testImages: 'bef4ecab320f06d8554ea6380940ec79',
    testLabels: 'bb300cfdad3c16e7a12a480ee83cd310',
  },
};

const LABELS = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** The meanings of Fashion-MNIST's labels, by label. */
export function getFashionMnistLabels(): string[] {
  return [...LABELS];
}

/**
 * Fashion-MNIST as [train, test]; see {@link getMnist}. Follows chainer.datasets.get_fashion_mnist.
 *
 * @throws FormatError if a file is damaged, FileError if it cannot be had.
 */
export function getFashionMnist(
  options: IdxDatasetOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export function getFashionMnist(
  options?: IdxDatasetOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export function getFashionMnist({ withLabel = true, ...options }: IdxDatasetOptions = {}) {
  return withLabel ? getIdxDataset(FASHION_MNIST, options) : getIdxDataset(FASHION_MNIST, { ...options, withLabel });
}
