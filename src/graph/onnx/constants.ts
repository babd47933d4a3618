/** What files hold as arrays of a device: its dtypes are fewer than ONNX's. */
import type { HostArrayOf, NumericDType } from '../../formats/host-array.js';
import { narrow } from '../../formats/host-array.js';
import { fromHost, type NDArray } from '../../ndarray/ndarray.js';

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];

/**
 * A constant on a device. Integers of 64 bits become the nearest int32: exporters write the largest where they mean 'to the end'.
 */
export function narrowed(array: HostArrayOf<NumericDType>, device: NDArray['device']): NDArray {
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
