/** ONNX models to and from files. It knows nothing of autograd, so that it serves where there is none. */
import { FormatError } from '../errors.js';
import { externalFiles, withExternalFiles } from '../formats/onnx/external.js';
import type { OnnxModel } from '../formats/onnx/model.js';
import { reading } from '../formats/reading.js';
import type { BytesSource } from '../formats/stored-bytes.js';
import type { LoadedOnnx, LoadOnnxOptions } from '../graph/onnx/load.js';
import { compileOnnx, parseOnnx } from '../graph/onnx/readers.js';
import type { OnnxOptions } from '../graph/onnx/write.js';
import { checkOptions, inWords } from '../options.js';
import { splitTransferOptions, TRANSFER_OPTIONS, type TransferOptions } from './download.js';
import { sourceBeside } from './file-beside.js';
import { type ByteSource, nameOf, openBytes, type WriteOptions, writeBytes } from './files.js';

/** What can be written as ONNX: a compiled model. */
export interface OnnxWritable {
  /** The bytes of the file. */
  toOnnx(options?: OnnxOptions): Uint8Array;
}

/** Options of {@link saveOnnx}. */
export interface SaveOnnxOptions extends OnnxOptions, WriteOptions {}

/**
 * Writes a compiled model as an ONNX file, whole or not at all: standard operators of version 17, the weights inside.
 *
 * @throws GraphError naming a primitive that ONNX has no operator for, FileError if the file cannot be written.
 */
export async function saveOnnx(path: string, compiled: OnnxWritable, options: SaveOnnxOptions = {}): Promise<void> {
  if (typeof compiled?.toOnnx !== 'function')
    throw new TypeError(`saveOnnx: ${inWords(compiled)} is given, expected a compiled model: compile(model, [x])`);
  const { durable, ...format } = options;
  await writeBytes(path, compiled.toOnnx(format), { durable });
}

/** Options of {@link loadOnnx}. */
export interface LoadOnnxFileOptions extends LoadOnnxOptions, TransferOptions {
  /** Sources of the files with external data, by the names that the model has for them. Default: the files beside the model. */
  externalData?: Readonly<Record<string, ByteSource>>;
}

/** The names of the options. */
const OPTIONS: Readonly<Record<keyof LoadOnnxFileOptions, unknown>> = {
  externalData: true,
  weights: true,
  device: true,
  maxShapes: true,
  limits: true,
  ...TRANSFER_OPTIONS,
};

/** The model with its external data, as exporters write weights beyond 2 GiB, and PyTorch's newer exporter all. */
async function withDataBeside(
  model: OnnxModel,
  source: ByteSource,
  given: Readonly<Record<string, ByteSource>>,
  transfer: TransferOptions,
): Promise<OnnxModel> {
  const what = nameOf(source);
  const locations = externalFiles(model, what);
  if (locations.size === 0) return model;
  const files = new Map<string, BytesSource>();
  for (const location of locations) {
    const file = (Object.hasOwn(given, location) ? given[location] : null) ?? sourceBeside(source, location);
    if (!file)
      throw new FormatError(
        `${what}: its weights are in '${location}': open the model by its path or URL, or give { externalData: { '${location}': … } }`,
      );
    files.set(location, await openBytes(file, { ...transfer, md5: null, sha256: null }, 'loadOnnx'));
  }
  return withExternalFiles(model, files, what);
}

/**
 * Reads an ONNX file, as exporters write it, into a model that can be called: `const predict = await
 * loadOnnx('model.onnx'); const y = predict(x);`.
 *
 * A file on a disk is read a part at a time, the weights straight to where they stay. It is read again for another shape of the
 * inputs and for `toOnnx`, so it must stay as it is until then; bytes need not. Weights in files of their own (`model.onnx.data`)
 * are read from beside the model, never from outside its folder; sums are those of the model's file.
 *
 * @throws FormatError naming node, operator and version for what is not supported, or if the bytes are no such file, or
 *   another one by now; FileError if it cannot be read (`code` 'ENOENT' if there is none).
 */
export async function loadOnnx(source: ByteSource, options: LoadOnnxFileOptions = {}): Promise<LoadedOnnx> {
  checkOptions('loadOnnx', options, OPTIONS);
  const {
    transfer,
    rest: { externalData = {}, ...rest },
  } = splitTransferOptions(options);
  const [bytes, name] = [await openBytes(source, transfer, 'loadOnnx'), nameOf(source)];
  const model = await reading('onnx', bytes, name, () => parseOnnx(bytes, name, options.limits));
  return compileOnnx(await withDataBeside(model, source, externalData, transfer), rest);
}
