/** Kuzushiji-MNIST (Clanuwat et al., 2018): cursive Japanese characters, in MNIST's format. */
import type { ArrayDataset } from './array-dataset.js';
import { getIdxDataset, type IdxDatasetOptions, type PublishedIdx } from './idx-images.js';
import type { LabeledImages } from './labeled-images.js';

const KUZUSHIJI_MNIST: PublishedIdx = {
  getter: 'getKuzushijiMnist',
  url: 'http://codh.rois.ac.jp/kmnist/dataset/kmnist/',
  md5: {
    trainImages: 'bdb82020997e1d708af4cf47b453dcf7',
    trainLabels: 'e144d726b3acfaa3e44228e80efcd344',
    testImages: '5c965bf0a639b31b8f53240b1b52f4d7',
    testLabels: '7320c461ea6c1c855c0b718fb2a4b134',
  },
};

const LABELS = [
  ['o', 'お'],
  ['ki', 'き'],
  ['su', 'す'],
  ['tsu', 'つ'],
  ['na', 'な'],
  ['ha', 'は'],
  ['ma', 'ま'],
  ['ya', 'や'],
  ['re', 'れ'],
  ['wo', 'を'],
] as const;

/** The meanings of Kuzushiji-MNIST's labels, by label: sounds, and modern characters. */
export function getKuzushijiMnistLabels(): (readonly [sound: string, character: string])[] {
  return [...LABELS];
}

/**
 * Kuzushiji-MNIST as [train, test]; see {@link getMnist}. Follows chainer.datasets.get_kuzushiji_mnist.
 *
 * @throws FormatError if a file is damaged, FileError if it cannot be had.
 */
export function getKuzushijiMnist(
  options: IdxDatasetOptions & { withLabel: false },
): Promise<[train: ArrayDataset, test: ArrayDataset]>;
export function getKuzushijiMnist(
  options?: IdxDatasetOptions & { withLabel?: true },
): Promise<[train: LabeledImages, test: LabeledImages]>;
export function getKuzushijiMnist({ withLabel = true, ...options }: IdxDatasetOptions = {}) {
  return withLabel
    ? getIdxDataset(KUZUSHIJI_MNIST, options)
    : getIdxDataset(KUZUSHIJI_MNIST, { ...options, withLabel });
}
