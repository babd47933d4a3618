/** ONNX's operators on shapes and constants. Their results are known before the model runs. */
import { full } from '../../../ndarray/creation.js';
import { hostArray } from '../../../ndarray/dtype.js';
import { broadcastTo, expandDims, squeeze } from '../../../ndarray/manipulation.js';
import { fromHost, type NDArray } from '../../../ndarray/ndarray.js';
import { broadcastShapes, normalizeAxis, sizeOf } from '../../../ndarray/shape.js';
import { MAX_AXES, type OnnxCall, type Operator } from '../call.js';
import { constantOf } from '../constants.js';

const integers = (call: OnnxCall, values: readonly number[]): NDArray =>
  fromHost(Int32Array.from(values), [values.length], 'int32', call.device);

const constant: Operator = (call) => {
  const tensor = call.tensor('value');
  if (tensor) return constantOf(tensor, call.device);
  if (call.hasAttribute('value_ints')) return integers(call, call.ints('value_ints', []));
  if (call.hasAttribute('value_int')) return integers(call, [call.int('value_int', 0)]).reshape([]);
  const floats = call.hasAttribute('value_floats') ? call.floats('value_floats') : null;
  if (floats) return fromHost(Float32Array.from(floats), [floats.length], 'float32', call.device);
  if (call.hasAttribute('value_float'))
    return fromHost(Float32Array.of(call.float('value_float', 0)), [], 'float32', call.device);
  return call.fail('it holds nothing that is supported');
};

/** A length of 0 stands for the input's length, -1 for the rest of the elements. */
const reshape: Operator = (call) => {
  const x = call.input(0);
  const wanted = call.list(1, 'shape') ?? call.fail('its shape is missing');
  const keeps = call.int('allowzero', 0) === 0;
  return x.reshape(wanted.map((n, k) => (n === 0 && keeps ? (x.shape[k] ?? call.fail(`axis ${k} is not there`)) : n)));
};

export const SHAPES = {
  Constant: constant,
  ConstantOfShape: (call) => {
    const tensor = call.tensor('value');
    const value = tensor ? constantOf(tensor, call.device) : full([], 0, { device: call.device.name });
    if (value.size !== 1) call.fail(`its value has ${value.size} elements`);
    return full(call.numbers(0, MAX_AXES), value.item(), { dtype: value.dtype, device: call.device.name });
  },
  Expand: (call) => {
    const x = call.input(0);
    return broadcastTo(x, broadcastShapes('Expand', x.shape, call.numbers(1, MAX_AXES)));
  },
  Flatten: (call) => {
    const x = call.input(0);
    const axis = call.int('axis', 1);
    const k = axis === x.ndim ? axis : normalizeAxis('Flatten', axis, x.ndim);
    return x.reshape([sizeOf(x.shape.slice(0, k)), sizeOf(x.shape.slice(k))]);
  },
  Identity: (call) => call.input(0),
  Range: (call) => {
    const [start, limit, delta] = [0, 1, 2].map((k) => call.numbers(k)[0]);
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!Number.isSafeInteger(count)) call.fail(`${count} elements from ${start} to ${limit} by ${delta}`);
    const { dtype } = call.input(0);
    call.expectLength(count);
    const values = hostArray(dtype, count);
    for (let i = 0; i < count; i++) values[i] = start + i * delta;
    return fromHost(values, [count], dtype, call.device);
  },
  Reshape: reshape,
  Shape: (call) => {
    const { shape } = call.input(0);
    return integers(call, shape.slice(call.int('start', 0), call.hasAttribute('end') ? call.int('end', 0) : undefined));
  },
  Size: (call) => integers(call, [call.input(0).size]).reshape([]),
  Squeeze: (call) => squeeze(call.input(0), call.list(1, 'axes')),
  Unsqueeze: (call) => expandDims(call.input(0), call.list(1, 'axes') ?? call.fail('its axes are missing')),
} satisfies Record<string, Operator>;
