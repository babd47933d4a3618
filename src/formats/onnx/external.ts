/**
 * External tensors of an ONNX model: the files that hold them, and the model with their bytes in place. See
 * serializers/onnx.ts, which opens the files.
 */
import { FormatError } from '../../errors.js';
import { sizeOf } from '../../ndarray/shape.js';
import { WIDTHS } from '../elements.js';
import { type BytesSource, partOf } from '../stored-bytes.js';
import type { OnnxModel, OnnxTensor } from './model.js';

/** The tensors of attributes and initializers. */
function* tensorsOf({ nodes, initializers }: OnnxModel): Iterable<OnnxTensor> {
  yield* initializers.values();
  for (const { attributes } of nodes)
    for (const attribute of attributes.values()) if (attribute.type === 'tensor') yield attribute.value;
}

/** The files that hold the model's tensors, under the names in the model, each once. */
export function externalFiles(model: OnnxModel, what = 'onnx'): Set<string> {
  const files = new Set<string>();
  for (const { name, elements } of tensorsOf(model))
    if ('external' in elements)
      files.add(checkLocation(elements.external.get('location'), `${what}: tensor '${name}'`));
  return files;
}

/** Refuses a path outside the folder of the model: a model may come from anywhere. */
function checkLocation(location: string | undefined, what: string): string {
  if (!location) throw new FormatError(`${what} is in another file, which is not named`);
  const isBelow =
    !/^[\\/]|^[A-Za-z][A-Za-z0-9+.-]*:|\0/.test(location) && !location.split(/[\\/]/).some((part) => part === '..');
  if (!isBelow)
    throw new FormatError(
      `${what} is in '${location}', which is not in the folder of the model: such files are not read`,
    );
  return location;
}

/** A number of bytes, which the model writes as text. */
function bytesFrom(text: string | undefined, absent: number, what: string): number {
  if (text === undefined) return absent;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new FormatError(`${what}: '${text}' is not a number of bytes`);
  return value;
}

/**
 * The model with the bytes of its external tensors in place. They stay in their files until they are decoded.
 *
 * @param files the content of each of {@link externalFiles}.
 * @throws FormatError if a tensor does not lie within its file.
 */
export function withExternalFiles(model: OnnxModel, files: ReadonlyMap<string, BytesSource>, what = 'onnx'): OnnxModel {
  const placed = (tensor: OnnxTensor): OnnxTensor => {
    const { name, shape, dtype, elements } = tensor;
    if (!('external' in elements)) return tensor;
    const { external } = elements;
    const location = external.get('location') ?? '';
    const source = files.get(location);
    const where = `${what}: tensor '${name}' in '${location}'`;
    if (!source) throw new FormatError(`${where}: this file was not opened`);
    const needed = sizeOf(shape) * WIDTHS[dtype];
    const offset = bytesFrom(external.get('offset'), 0, where);
    const length = bytesFrom(external.get('length'), needed, where);
    if (length !== needed) throw new FormatError(`${where}: ${dtype} (${shape}) takes ${needed} bytes, got ${length}`);
    if (offset + length > source.length)
      throw new FormatError(`${where}: bytes ${offset} to ${offset + length} of a file of ${source.length}`);
    const bytes =
      source instanceof Uint8Array ? [source.subarray(offset, offset + length)] : partOf(source, offset, length);
    return { name, shape, dtype, elements: bytes };
  };
  const initializers = new Map(Array.from(model.initializers, ([name, tensor]) => [name, placed(tensor)]));
  const nodes = model.nodes.map((node) => ({
    ...node,
    attributes: new Map(
      Array.from(node.attributes, ([name, attribute]) => [
        name,
        attribute.type === 'tensor' ? { ...attribute, value: placed(attribute.value) } : attribute,
      ]),
    ),
  }));
  let bytes = model.bytes ?? 0;
  for (const { length } of files.values()) bytes += length;
  return { ...model, nodes, initializers, bytes };
}
