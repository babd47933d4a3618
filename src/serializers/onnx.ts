/** ONNX models to and from files. It knows nothing of autograd, so that it serves where there is none. */
import { type LoadedOnnx, type LoadOnnxOptions, readOnnx } from '../graph/onnx/load.js';
import type { OnnxOptions } from '../graph/onnx/write.js';
import { type ByteSource, nameOf, openBytes, writeBytes } from './files.js';

/** What can be written as ONNX: a compiled model. */
export interface OnnxWritable {
  /** The bytes of the file. */
  toOnnx(options?: OnnxOptions): Uint8Array;
}

/**
 * Writes a compiled model as an ONNX file, whole or not at all: standard operators of version 17, the weights inside.
 *
 * @throws GraphError naming a primitive that ONNX has no operator for, FormatError if the file cannot be written.
 */
export async function saveOnnx(path: string, compiled: OnnxWritable, options: OnnxOptions = {}): Promise<void> {
  await writeBytes(path, compiled.toOnnx(options));
}

/**
 * Reads an ONNX file, as exporters write it, into a model that can be called: `const predict = await
 * loadOnnx('model.onnx'); const y = predict(x);`.
 *
 * A file on a disk is read a part at a time, the weights straight to where they stay. It is read again for another shape of the
 * inputs and for `toOnnx`, so it must stay as it is until then; bytes need not.
 *
 * @throws FormatError naming node, operator and version for what is not supported, or if the bytes are no such file, or
 *   another one by now; KeyError if there is no such file.
 */
export async function loadOnnx(source: ByteSource, options: LoadOnnxOptions = {}): Promise<LoadedOnnx> {
  return readOnnx(await openBytes(source), options, nameOf(source));
}
