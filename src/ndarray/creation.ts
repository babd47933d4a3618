/** Routines that make arrays from numbers. On devices they only fill. */
import type { DeviceName } from '../backends/backend.js';
import { ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import { type ArrayHolder, type ArrayLike, convert, operand } from './conversion.js';
import { type Device, getDevice } from './device.js';
import { checkDType, checkHolds, type DType, type TypedArray, toHostArray } from './dtype.js';
import { assign, type Operand } from './elementwise.js';
import { allocate, computedOnHost, fromHost, NDArray } from './ndarray.js';
import { checkShape, checkSize, type Shape } from './shape.js';

/** Options of a new array. A dtype alone may stand for `{ dtype }`. */
export interface ArrayOptions {
  /** Default: `float32`, or the dtype of the data. */
  dtype?: DType;
  /** Default: the device set by `init`. */
  device?: DeviceName;
}

/** A shape, or the length of a one-dimensional array. */
export type ShapeLike = number | Shape;

const KNOWN = { dtype: 1, device: 1 };

/** The options in either form. A number in their place comes from a shape that was spread over arguments. */
function optionsOf(op: string, options: DType | ArrayOptions | undefined): ArrayOptions {
  if (options === undefined) return {};
  if (typeof options === 'string') return { dtype: options };
  if (typeof options === 'number') throw new TypeError(`${op}: a shape of several axes is a list: ${op}([2, 3])`);
  checkOptions(op, options, KNOWN);
  return options;
}

function resolve(op: string, options: DType | ArrayOptions | undefined, dtype: DType): [DType, Device] {
  const { dtype: asked = dtype, device } = optionsOf(op, options);
  return [checkDType(op, asked), getDevice(device)];
}

function shapeOf(op: string, shape: ShapeLike): Shape {
  return checkShape(op, typeof shape === 'number' ? [shape] : shape);
}

/**
 * An array of the given data; follows numpy.array. `data` may be
 *
 * - a number, or nested lists: `float32` of numbers, `bool` of booleans, `int32` of bigints;
 * - a host array, or an ArrayBuffer as bytes. `float32`: of Float32Array and Float16Array. `float64`: of Float64Array.
 *   `uint8`: of Uint8Array, Uint8ClampedArray, DataView and buffers. `int32`: of all others;
 * - an array or a Variable, which is copied;
 * - ImageData, or another picture with `{ data, width, height, channels }`: (height, width, channels);
 * - a tensor of another library, with `{ data, shape }`, or `dims` as onnxruntime has it;
 * - lists of all these, which are stacked; their dtype is the one that all are promoted to;
 * - a Set, a generator or another iterable, as the list of its items.
 *
 * @throws ShapeError for ragged rows; ValueError for a number that the dtype cannot hold; TypeError for other data, naming the value
 *   and its place.
 */
export function array(data: ArrayLike | ArrayHolder | readonly ArrayHolder[], options?: DType | ArrayOptions): NDArray {
  if (data instanceof NDArray) {
    const [dtype, device] = resolve('array', options, data.dtype);
    return transfer(data, dtype, typeof options === 'object' && options.device ? device : data.device);
  }
  const { dtype, device } = optionsOf('array', options);
  return convert(
    'array',
    'data',
    data,
    dtype && checkDType('array', dtype),
    device === undefined ? undefined : getDevice(device),
  );
}

/** A copy of `x` with a dtype, on a device. It passes through the host only if the device changes. */
function transfer(x: NDArray, dtype: DType, device: Device): NDArray {
  if (device !== x.device) {
    const data: TypedArray = x.dataSync();
    return fromHost(x.dtype === dtype ? data : toHostArray(data, dtype), x.shape, dtype, device);
  }
  const out = allocate(x.shape, dtype, device);
  device.cast(x, out);
  return out;
}

/** The data as an array: the same array if the data is one of that dtype, else a new one; follows numpy.asarray. */
export function asarray(
  data: ArrayLike | ArrayHolder | readonly ArrayHolder[],
  options?: DType | ArrayOptions,
): NDArray {
  if (!(data instanceof NDArray)) return array(data, options);
  const [dtype, device] = resolve('asarray', options, data.dtype);
  const elsewhere = typeof options === 'object' && options.device !== undefined && device !== data.device;
  return dtype === data.dtype && !elsewhere ? data : array(data, options);
}

/** Copies `x` to a device; `x` itself if it is there already. */
export function toDevice(x: ArrayLike, device: DeviceName): NDArray {
  if (!(x instanceof NDArray)) return array(x, { device });
  return asarray(x, { device, dtype: x.dtype });
}

/**
 * An array filled with one value, or with a list or array that broadcasts to its shape; follows numpy.full.
 *
 * @throws ValueError if the dtype cannot hold the value.
 */
export function full(shape: ShapeLike, value: Operand, options?: DType | ArrayOptions): NDArray {
  return filled('full', shape, value, options);
}

function filled(op: string, shape: ShapeLike, value: Operand, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve(op, options, 'float32');
  const out = allocate(shapeOf(op, shape), dtype, device);
  assign(op, 'value', out, value);
  return out;
}

/** Zeros; follows numpy.zeros with `float32` as the default dtype. */
export function zeros(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  return filled('zeros', shape, 0, options);
}

/** Ones; follows numpy.ones with `float32` as the default dtype. */
export function ones(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  return filled('ones', shape, 1, options);
}

/** An array of undefined content; follows numpy.empty. */
export function empty(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('empty', options, 'float32');
  return allocate(shapeOf('empty', shape), dtype, device);
}

/** A filled array with the shape, dtype and device of another; follows numpy.full_like. */
export function fullLike(x: ArrayLike, value: Operand, dtype?: DType): NDArray {
  const out = emptyLike(x, dtype);
  assign('fullLike', 'value', out, value);
  return out;
}

/** Zeros with the shape, dtype and device of another array; follows numpy.zeros_like. */
export function zerosLike(x: ArrayLike, dtype?: DType): NDArray {
  return fullLike(x, 0, dtype);
}

/** Ones with the shape, dtype and device of another array; follows numpy.ones_like. */
export function onesLike(x: ArrayLike, dtype?: DType): NDArray {
  return fullLike(x, 1, dtype);
}

/** An uninitialised array with the shape, dtype and device of another; follows numpy.empty_like. */
export function emptyLike(x: ArrayLike, dtype?: DType): NDArray {
  const like = operand('emptyLike', 'x', x);
  return allocate(like.shape, dtype === undefined ? like.dtype : checkDType('emptyLike', dtype), like.device);
}

/**
 * start, start + step, … up to stop, without stop; `arange(n)` counts from 0. `int32` if all three are integers, else
 * `float32`; follows numpy.arange.
 *
 * @throws ValueError if step is 0.
 */
export function arange(start: number, stop?: number, step = 1, options?: DType | ArrayOptions): NDArray {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  for (const value of [from, to, step])
    if (!Number.isFinite(value)) throw new ValueError(`arange: ${inWords(value)} is not a number to count with`);
  if (step === 0) throw new ValueError('arange: step is 0');
  const whole = [from, to, step].every(Number.isInteger);
  const [dtype, device] = resolve('arange', options, whole ? 'int32' : 'float32');
  const n = checkSize('arange', 'the length', Math.max(0, Math.ceil((to - from) / step)));
  return computedOnHost([n], dtype, device, (data) => {
    for (let i = 0; i < n; i++) data[i] = from + i * step;
  });
}

/** `num` evenly spaced numbers from start to stop, both included; follows numpy.linspace. */
export function linspace(start: number, stop: number, num = 50, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('linspace', options, 'float32');
  checkSize('linspace', 'num', num);
  checkHolds('linspace', dtype, start);
  checkHolds('linspace', dtype, stop);
  return computedOnHost([num], dtype, device, (data) => {
    for (let i = 0; i < num; i++) data[i] = num === 1 ? start : start + ((stop - start) * i) / (num - 1);
  });
}

/** The n × m matrix with ones on its k-th diagonal; follows numpy.eye. */
export function eye(n: number, m = n, k = 0, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('eye', options, 'float32');
  const shape = shapeOf('eye', [n, m]);
  return computedOnHost(shape, dtype, device, (data) => {
    for (let i = Math.max(0, -k); i < n && i + k < m; i++) data[i * m + i + k] = 1;
  });
}
