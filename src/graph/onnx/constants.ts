/** Tensors of ONNX files as arrays on a device, which has fewer dtypes than ONNX. */
import type { HostArrayOf, NumericDType } from '../../formats/host-array.js';
import { narrow } from '../../formats/host-array.js';
import type { OnnxTensor } from '../../formats/onnx/model.js';
import { bytesOf, decodeTensor } from '../../formats/onnx/tensor.js';
import { eachFloats } from '../../formats/stored-bytes.js';
import { allocate, fromHost, type NDArray } from '../../ndarray/ndarray.js';

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];

/**
 * A tensor of a file as an array on a device. float32 tensors are copied in pieces, so that a second copy of a whole weight is never
 * in memory.
 */
export function constantOf(tensor: OnnxTensor, device: NDArray['device']): NDArray {
  const bytes = tensor.dtype === 'float32' ? bytesOf(tensor) : null;
  if (!bytes || !device.slice) return narrowed(decodeTensor(tensor), device);
  const out = allocate(tensor.shape, 'float32', device);
  eachFloats(bytes, (piece, first) => {
    const part = device.slice?.(out.memory, 4 * first, piece.length, 'float32');
    if (part) device.write(part, piece);
  });
  return out;
}

/** A host array on a device. Integers of 64 bits become the nearest int32: exporters write the largest for "to the end". */
function narrowed(array: HostArrayOf<NumericDType>, device: NDArray['device']): NDArray {
  const { shape } = array;
  if (array.dtype === 'int64' || array.dtype === 'uint64' || array.dtype === 'uint32') {
    const values: ArrayLike<number | bigint> = array.data;
    const data = Int32Array.from({ length: values.length }, (_, i) =>
      Math.min(Math.max(Number(values[i]), LEAST), MOST),
    );
    return fromHost(data, shape, 'int32', device);
  }
  const ready = narrow(array, 'onnx');
  return fromHost(ready.data, shape, ready.dtype, device);
}
