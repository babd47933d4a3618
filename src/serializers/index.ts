/** State to files and back. */
export {
  type DeserializerOptions,
  DictionaryDeserializer,
  DictionarySerializer,
  type HostArraySource,
} from './dictionary.js';
export type { ByteSource } from './files.js';
export { fromNpz, type LoadNpzOptions, loadNpz, type NpzOptions, type Serializable, saveNpz, toNpz } from './npz.js';
export { type LoadOnnxFileOptions, loadOnnx, type OnnxWritable, saveOnnx } from './onnx.js';
export {
  fromSafetensors,
  type LoadSafetensorsOptions,
  loadSafetensors,
  type NameMap,
  type SafetensorsOptions,
  saveSafetensors,
  torchNames,
  toSafetensors,
} from './safetensors.js';
