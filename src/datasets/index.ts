/** Datasets: examples by number, and the well-known ones. */
export { ArrayDataset, type ArrayDatasetOptions } from './array-dataset.js';
export { Batch, type Examples } from './batch.js';
export { type ConcatExamplesOptions, type Converter, concatExamples, type Padding } from './concat-examples.js';
export { ConcatenatedDataset } from './concatenated-dataset.js';
export { asDataset, type Concatenated, type Dataset, type DatasetLike, type ExampleOf } from './dataset.js';
export { DictDataset, type RecordOf } from './dict-dataset.js';
export type { IdxFiles, IdxImagesOptions, LabeledImages } from './idx-images.js';
export { getMnist, type MnistOptions } from './mnist.js';
export {
  getCrossValidationDatasets,
  getCrossValidationDatasetsRandom,
  type Order,
  SubDataset,
  splitDataset,
  splitDatasetN,
  splitDatasetNRandom,
  splitDatasetRandom,
} from './sub-dataset.js';
export { TextDataset, type TextDatasetOptions } from './text-dataset.js';
export { TransformDataset } from './transform-dataset.js';
export { TupleDataset, type TupleOf } from './tuple-dataset.js';
