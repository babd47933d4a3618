/** Saves and loads the state of models, optimizers and trainings. */
export {
  type DeserializerOptions,
  DictionaryDeserializer,
  DictionarySerializer,
  type HostArraySource,
} from './dictionary.js';
export type { WriteOptions } from './disk.js';
export type { DownloadProgress, SeveralTransfersOptions, TransferOptions } from './download.js';
export type { ByteSource } from './files.js';
export {
  type FromNpzOptions,
  fromNpz,
  type LoadNpzOptions,
  loadNpz,
  type NpzOptions,
  type SaveNpzOptions,
  type Serializable,
  saveNpz,
  toNpz,
} from './npz.js';
export { type LoadOnnxFileOptions, loadOnnx, type OnnxWritable, type SaveOnnxOptions, saveOnnx } from './onnx.js';
export {
  type FromSafetensorsOptions,
  fromSafetensors,
  type LoadSafetensorsOptions,
  loadSafetensors,
  type NameMap,
  type SafetensorsOptions,
  type SaveSafetensorsOptions,
  saveSafetensors,
  torchNames,
  toSafetensors,
} from './safetensors.js';
