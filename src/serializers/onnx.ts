/** Saves and loads ONNX models. It uses no autograd, so it works in `rensa/inference` too. */
import { FormatError } from '../errors.js';
import { externalFiles, withExternalFiles } from '../formats/onnx/external.js';
import type { OnnxModel } from '../formats/onnx/model.js';
import { reading } from '../formats/reading.js';
import type { BytesSource } from '../formats/stored-bytes.js';
import type { LoadedOnnx, LoadOnnxOptions } from '../graph/onnx/load.js';
import { compileOnnx, parseOnnx } from '../graph/onnx/readers.js';
import type { OnnxOptions } from '../graph/onnx/write.js';
import { checkOptions, inWords } from '../options.js';
import { type WriteOptions, writeBytes } from './disk.js';
import { splitTransferOptions, TRANSFER_OPTIONS, type TransferOptions } from './download.js';
import { sourceBeside } from './file-beside.js';
import { type ByteSource, nameOf, openBytes } from './files.js';

/** An object that can be written as ONNX: a compiled model. */
export interface OnnxWritable {
  /** The bytes of the file. */
  toOnnx(options?: OnnxOptions): Uint8Array;
}

/** Options of {@link saveOnnx}. */
export interface SaveOnnxOptions extends OnnxOptions, WriteOptions {}

/**
 * Writes a compiled model as an ONNX file, whole or not at all, with standard operators of version 17 and the weights
 * inside.
 *
 * @throws GraphError naming a primitive for which ONNX has no operator, FileError if the file cannot be written.
 */
export async function saveOnnx(path: string, compiled: OnnxWritable, options: SaveOnnxOptions = {}): Promise<void> {
  if (typeof compiled?.toOnnx !== 'function')
    throw new TypeError(`saveOnnx: ${inWords(compiled)} is given, expected a compiled model: compile(model, [x])`);
  const { durable, ...format } = options;
  await writeBytes(path, compiled.toOnnx(format), { durable });
}

/** Options of {@link loadOnnx}. */
export interface LoadOnnxFileOptions extends LoadOnnxOptions, TransferOptions {
  /** Sources of the files with external data, by their names in the model. Default: the files beside the model. */
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

/**
 * The model with its external data. Exporters write weights beyond 2 GiB this way, and PyTorch's newer exporter writes
 * all weights this way.
 */
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
 * A file on a disk is read in parts, and the weights go directly to their final place. The file is read again for
 * another shape of the inputs and for `toOnnx`, so it must not change until then; bytes may. Weights in files of their
 * own (`model.onnx.data`) are read from the model's folder, never from outside it. Checksums are those of the model's
 * file.
 *
 * @throws FormatError naming node, operator and version for an unsupported operator, or if the bytes are not an ONNX
 *   file or have changed; FileError if the file cannot be read (`code` 'ENOENT' if it does not exist).
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
