/** Tensors of ONNX files: checked where they lie, decoded when they are asked for. */
import { joined } from '../../backends/bytes.js';
import { FormatError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { decodeElements, WIDTHS } from '../elements.js';
import { bfloatToFloat, halfToFloat } from '../float16.js';
import type { HostArrayOf, NumericDType } from '../host-array.js';
import type { Message } from '../protobuf.js';
import type { BytesSource, StoredBytes } from '../stored-bytes.js';
import { DATA_TYPES, type OnnxTensor } from './model.js';
import type { TENSOR } from './schema.js';

const DTYPES = new Map<number, NumericDType>(
  Object.entries(DATA_TYPES).map(([dtype, code]) => [code, dtype as NumericDType]),
);

/** The element type of a number in the file. @throws FormatError for one that has no place here. */
export function dtypeOf(code: number, what: string): NumericDType {
  const dtype = DTYPES.get(code);
  if (!dtype) throw new FormatError(`${what}: elements of ONNX's type ${code} are not supported`);
  return dtype;
}

/** A tensor as it lies in the file, its size checked against what is there. */
export function checkTensor(tensor: Message<typeof TENSOR>, what: string): OnnxTensor {
  const { name, dims: shape } = tensor;
  if (tensor.dataLocation !== 0) throw new FormatError(`${what}: its data is in another file, which is not read`);
  const dtype = dtypeOf(tensor.dataType, what);
  const size = sizeOf(shape);
  if (shape.some((n) => n < 0) || !Number.isSafeInteger(size))
    throw new FormatError(`${what}: ${formatShape(shape)} is no shape`);
  const elements = elementsOf(tensor, dtype);
  const found = 'numbers' in elements ? elements.numbers.length : lengthOf(elements) / WIDTHS[dtype];
  if (found !== size)
    throw new FormatError(`${what}: shape ${formatShape(shape)} takes ${size} ${dtype} elements, got ${found}`);
  return { name, shape, dtype, elements };
}

/** The field that holds the elements: raw bytes, or the list that the type is given in. */
function elementsOf(tensor: Message<typeof TENSOR>, dtype: NumericDType): OnnxTensor['elements'] {
  if (tensor.rawData) return tensor.rawData instanceof Uint8Array ? [tensor.rawData] : tensor.rawData;
  if (dtype === 'float32') return tensor.floatData;
  if (dtype === 'float64') return tensor.doubleData;
  if (dtype === 'int64') return { numbers: tensor.int64Data };
  if (dtype === 'uint64' || dtype === 'uint32') return { numbers: tensor.uint64Data };
  return { numbers: tensor.int32Data };
}

/** Bytes of elements that are not given as numbers. */
const lengthOf = (elements: readonly Uint8Array[] | StoredBytes): number =>
  'read' in elements ? elements.length : elements.reduce((sum, piece) => sum + piece.length, 0);

/** The bytes of elements that lie in one piece; null where they do not. */
export function bytesOf({ elements }: OnnxTensor): BytesSource | null {
  if ('read' in elements) return elements;
  return 'numbers' in elements || elements.length !== 1 ? null : elements[0];
}

/** The elements, copied out of the file. */
export function decodeTensor({ shape, dtype, elements }: OnnxTensor): HostArrayOf<NumericDType> {
  if ('numbers' in elements) return fromNumbers(shape, dtype, elements.numbers);
  return decodeElements(dtype, shape, 'read' in elements ? readAll(elements) : joined(elements));
}

function fromNumbers(
  shape: readonly number[],
  dtype: NumericDType,
  numbers: readonly number[],
): HostArrayOf<NumericDType> {
  switch (dtype) {
    case 'float16':
      return { shape, dtype, data: Float32Array.from(numbers, (bits) => halfToFloat(bits & 0xffff)) };
    case 'bfloat16':
      return { shape, dtype, data: Float32Array.from(numbers, (bits) => bfloatToFloat(bits & 0xffff)) };
    case 'int64':
      return { shape, dtype, data: BigInt64Array.from(numbers, BigInt) };
    case 'uint64':
      return { shape, dtype, data: BigUint64Array.from(numbers, BigInt) };
    case 'float32':
      return { shape, dtype, data: Float32Array.from(numbers) };
    case 'float64':
      return { shape, dtype, data: Float64Array.from(numbers) };
    case 'bool':
      return { shape, dtype, data: Uint8Array.from(numbers, (v) => (v ? 1 : 0)) };
    case 'uint8':
      return { shape, dtype, data: Uint8Array.from(numbers) };
    case 'int8':
      return { shape, dtype, data: Int8Array.from(numbers) };
    case 'uint16':
      return { shape, dtype, data: Uint16Array.from(numbers) };
    case 'int16':
      return { shape, dtype, data: Int16Array.from(numbers) };
    case 'uint32':
      return { shape, dtype, data: Uint32Array.from(numbers) };
    case 'int32':
      return { shape, dtype, data: Int32Array.from(numbers) };
    default:
      return dtype satisfies never;
  }
}

function readAll(stored: StoredBytes): Uint8Array {
  const out = new Uint8Array(stored.length);
  stored.read(0, out);
  return out;
}
