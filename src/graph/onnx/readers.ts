/**
 * Readers of ONNX files for `rensa/inference`. The first call loads their code, as for arrays and pictures (see
 * `formats/readers.ts`). `rensa` holds that code in any case, and exports the same functions without promises.
 */
import type { Limits } from '../../formats/limits.js';
import type { OnnxModel } from '../../formats/onnx/model.js';
import type { BytesSource } from '../../formats/stored-bytes.js';
import type { LoadedOnnx, LoadOnnxOptions } from './load.js';

/**
 * An ONNX file as plain data: nodes, inputs, outputs and tensors. Tensors are views of the bytes, with checked sizes.
 *
 * @param what names the file in errors.
 * @param limits limits on the file: `nodes`, `elements` and `depth` count here.
 * @throws FormatError if the bytes are not an ONNX file, exceed a limit, or hold subgraphs or element types without a JavaScript array;
 *   TypeError if `source` is not bytes.
 */
export async function parseOnnx(source: BytesSource | ArrayBuffer, what?: string, limits?: Limits): Promise<OnnxModel> {
  const { parseOnnx } = await import('../../formats/onnx/parse.js');
  return parseOnnx(source, what, limits);
}

/**
 * A model of {@link parseOnnx}, ready to be called. As in `compile`, constants are folded, batch normalization is merged into the
 * weights before it, and memory is planned. A model whose shapes are all known is compiled now, another at its first call with each
 * set of shapes.
 *
 * @throws FormatError naming node, operator and version of an unsupported operator; MemoryError when memory runs out.
 */
export async function compileOnnx(model: OnnxModel, options?: LoadOnnxOptions): Promise<LoadedOnnx> {
  const { compileOnnx } = await import('./load.js');
  return compileOnnx(model, options);
}

/**
 * {@link compileOnnx} of the bytes of an ONNX file. `loadOnnx` of `rensa` opens paths and URLs.
 *
 * @param what names the file in errors.
 * @throws FormatError if the bytes are not an ONNX file, exceed a limit, or hold something unsupported; TypeError if `source` is not bytes.
 */
export async function readOnnx(
  source: BytesSource | ArrayBuffer,
  options?: LoadOnnxOptions,
  what?: string,
): Promise<LoadedOnnx> {
  const { readOnnx } = await import('./load.js');
  return readOnnx(source, options, what);
}
