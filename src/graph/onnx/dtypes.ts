/** The dtype that computes each of ONNX's types: devices have fewer types, and a wider one holds each of the others. */
import type { DType } from '../../backends/primitives.js';
import { FormatError } from '../../errors.js';
import type { NumericDType } from '../../formats/host-array.js';

const COMPUTED = {
  bool: 'bool',
  uint8: 'uint8',
  int8: 'int32',
  uint16: 'int32',
  int16: 'int32',
  uint32: null,
  int32: 'int32',
  uint64: null,
  int64: 'int32',
  float16: 'float32',
  bfloat16: 'float32',
  float32: 'float32',
  float64: 'float64',
} as const satisfies Record<NumericDType, DType | null>;

/** The dtype that computes elements of a type. @throws FormatError for a type that no dtype holds. */
export function computedDType(dtype: NumericDType, what: string): DType {
  const computed = COMPUTED[dtype];
  if (!computed) throw new FormatError(`onnx: ${what} is ${dtype}, which is not supported`);
  return computed;
}
