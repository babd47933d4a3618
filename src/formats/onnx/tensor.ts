/** Tensors of ONNX files: checked in place, decoded when they are used. */

import { FormatError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { decodeElements, HOST_IS_LITTLE_ENDIAN, WIDTHS } from '../elements.js';
import type { HostArrayOf, NumericDType } from '../host-array.js';
import { joined } from '../joined-bytes.js';
import type { Message } from '../protobuf/messages.js';
import type { BytesSource, StoredBytes } from '../stored-bytes.js';
import { DATA_TYPES, type ExternalElements, type OnnxTensor } from './model.js';
import type { TENSOR } from './schema.js';

const DTYPES = new Map<number, NumericDType>(
  Object.entries(DATA_TYPES).map(([dtype, code]) => [code, dtype as NumericDType]),
);

/** The dtype of an element type in the file. @throws FormatError for an unsupported one. */
export function dtypeOf(code: number, what: string): NumericDType {
  const dtype = DTYPES.get(code);
  if (!dtype) throw new FormatError(`${what}: elements of ONNX's type ${code} are not supported`);
  return dtype;
}

/** A tensor in the file, with its size checked against its bytes. */
export function checkTensor(tensor: Message<typeof TENSOR>, what: string): OnnxTensor {
  const { name, dims: shape } = tensor;
  const dtype = dtypeOf(tensor.dataType, what);
  const size = sizeOf(shape);
  if (shape.some((n) => n < 0) || !Number.isSafeInteger(size))
    throw new FormatError(`${what}: ${formatShape(shape)} is not a shape`);
  if (tensor.dataLocation !== 0) {
    const external = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    return { name, shape, dtype, elements: { external } };
  }
  const elements = elementsOf(tensor, dtype);
  const found = 'numbers' in elements ? elements.numbers.length : lengthOf(elements) / WIDTHS[dtype];
  if (found !== size)
    throw new FormatError(`${what}: shape ${formatShape(shape)} takes ${size} ${dtype} elements, got ${found}`);
  return { name, shape, dtype, elements };
}

/** The field that holds the elements: raw bytes, or the list for the tensor's type. */
function elementsOf(
  tensor: Message<typeof TENSOR>,
  dtype: NumericDType,
): Exclude<OnnxTensor['elements'], ExternalElements> {
  if (tensor.rawData) return tensor.rawData instanceof Uint8Array ? [tensor.rawData] : tensor.rawData;
  if (dtype === 'float32') return tensor.floatData;
  if (dtype === 'float64') return tensor.doubleData;
  if (dtype === 'int64') return { numbers: tensor.int64Data };
  if (dtype === 'uint64' || dtype === 'uint32') return { numbers: tensor.uint64Data };
  return { numbers: tensor.int32Data };
}

/** The number of bytes of elements that are not given as numbers. */
const lengthOf = (elements: readonly Uint8Array[] | StoredBytes): number =>
  'read' in elements ? elements.length : elements.reduce((sum, piece) => sum + piece.length, 0);

/** The bytes of elements that are in one piece; null if they are not. */
export function bytesOf({ elements }: OnnxTensor): BytesSource | null {
  if ('read' in elements) return elements;
  return Array.isArray(elements) && elements.length === 1 ? elements[0] : null;
}

/** The elements, copied out of the file. @throws FormatError if they are in another file that was not opened. */
export function decodeTensor({ name, shape, dtype, elements }: OnnxTensor): HostArrayOf<NumericDType> {
  if ('external' in elements) {
    const file = elements.external.get('location');
    throw new FormatError(`onnx: tensor '${name}' is in another file, '${file}': open the model by loadOnnx(path)`);
  }
  if ('numbers' in elements) return fromNumbers(shape, dtype, elements.numbers);
  return decodeElements(dtype, shape, 'read' in elements ? readAll(elements) : joined(elements));
}

/**
 * Unsigned integers by their size in bytes. Files list halves, and integers of up to 32 bits, as integers whose low
 * bits count.
 */
const CONTAINERS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;

/** Elements that a file lists as integers; floats of 32 and 64 bits are never listed so. */
function fromNumbers(
  shape: readonly number[],
  dtype: NumericDType,
  numbers: readonly number[],
): HostArrayOf<NumericDType> {
  const width = WIDTHS[dtype];
  const { buffer } = width === 8 ? BigInt64Array.from(numbers, BigInt) : CONTAINERS[width].from(numbers);
  return decodeElements(dtype, shape, new Uint8Array(buffer), HOST_IS_LITTLE_ENDIAN);
}

function readAll(stored: StoredBytes): Uint8Array {
  const out = new Uint8Array(stored.length);
  stored.read(0, out);
  return out;
}
