/**
 * Readers of ONNX files for `rensa/inference`: what reads them is loaded by the first call, as it is for arrays and pictures
 * (`formats/readers.ts`). `rensa` exports the same functions without the promise, since it holds their code anyway.
 */
import type { Limits } from '../../formats/limits.js';
import type { OnnxModel } from '../../formats/onnx/model.js';
import type { BytesSource } from '../../formats/stored-bytes.js';
import type { LoadedOnnx, LoadOnnxOptions } from './load.js';

/**
 * An ONNX file as plain data: nodes, inputs, outputs and tensors. Tensors are views of the bytes; their sizes have been checked.
 *
 * @param what names the file in errors.
 * @param limits what the file may cost: `nodes`, `elements` and `depth` are asked here.
 * @throws FormatError when the bytes are no such file, exceed a limit, or hold what is not supported: subgraphs, and
 *   element types that JavaScript has no arrays for. TypeError for what is no bytes.
 */
export async function parseOnnx(source: BytesSource | ArrayBuffer, what?: string, limits?: Limits): Promise<OnnxModel> {
  const { parseOnnx } = await import('../../formats/onnx/parse.js');
  return parseOnnx(source, what, limits);
}

/**
 * A model of {@link parseOnnx}, ready to be called. Constants are folded, batch normalization goes into the weights before it, and memory
 * is planned, as `compile` does it. A model whose shapes are all known is made ready now, others for each shape when it comes.
 *
 * @throws FormatError naming node, operator and version for what is not supported; MemoryError when there is no room.
 */
export async function compileOnnx(model: OnnxModel, options?: LoadOnnxOptions): Promise<LoadedOnnx> {
  const { compileOnnx } = await import('./load.js');
  return compileOnnx(model, options);
}

/**
 * {@link compileOnnx} of the bytes of an ONNX file. `loadOnnx` of `rensa` opens paths and URLs.
 *
 * @param what names the file in errors.
 * @throws FormatError if the bytes are no ONNX file, exceed a limit, or hold what is not supported; TypeError for what is no bytes.
 */
export async function readOnnx(
  source: BytesSource | ArrayBuffer,
  options?: LoadOnnxOptions,
  what?: string,
): Promise<LoadedOnnx> {
  const { readOnnx } = await import('./load.js');
  return readOnnx(source, options, what);
}
