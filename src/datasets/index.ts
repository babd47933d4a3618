/** Datasets: examples by number, and well-known sets. */
export type { HostImage } from '../formats/image.js';

export { cachedDownload, getDatasetRoot, setDatasetRoot } from '../serializers/cached-download.js';
export type {
  DownloadOptions,
  DownloadProgress,
  SeveralTransfersOptions,
  TransferOptions,
} from '../serializers/download.js';
export { ArrayDataset, type ArrayDatasetOptions } from './array-dataset.js';
export { Batch, type Examples } from './batch.js';
export { type CifarOptions, getCifar10, getCifar100 } from './cifar.js';
export { type ConcatExamplesOptions, type Converter, concatExamples, type Padding } from './concat-examples.js';
export { ConcatenatedDataset } from './concatenated-dataset.js';
export {
  asDataset,
  type Concatenated,
  type Dataset,
  type DatasetLike,
  type ExampleOf,
  type ExamplesOf,
} from './dataset.js';
export { DictDataset, type RecordOf } from './dict-dataset.js';
export { getFashionMnist, getFashionMnistLabels } from './fashion-mnist.js';
export type { IdxDatasetOptions, IdxFiles } from './idx-images.js';
export { ImageDataset, type ImageDatasetOptions, LabeledImageDataset } from './image-dataset.js';
export { getKuzushijiMnist, getKuzushijiMnistLabels } from './kuzushiji-mnist.js';
export type { ImagesOptions, LabeledImages } from './labeled-images.js';
export { getMnist, type MnistOptions } from './mnist.js';
export { ModuleDataset, type ModuleDatasetOptions, type SentArray } from './module-dataset.js';
export { type ReadImageOptions, readImage } from './read-image.js';
export {
  getCrossValidationDatasets,
  getCrossValidationDatasetsRandom,
  type Order,
  type Randomness,
  SubDataset,
  splitDataset,
  splitDatasetN,
  splitDatasetNRandom,
  splitDatasetRandom,
} from './sub-dataset.js';
export { getSvhn, type SvhnFiles, type SvhnOptions } from './svhn.js';
export type { RunTask, TaskArgs, TaskName, TaskResult } from './tasks.js';
export { TextDataset, type TextDatasetOptions } from './text-dataset.js';
export { TransformDataset } from './transform-dataset.js';
export { TupleDataset, type TupleOf } from './tuple-dataset.js';
export {
  LabeledZippedImageDataset,
  MultiZippedImageDataset,
  ZippedImageDataset,
  type ZippedImageDatasetOptions,
} from './zipped-image-dataset.js';
