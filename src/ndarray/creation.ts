/** Routines that make arrays from numbers. They compute nothing on devices beyond filling. */
import type { DeviceName } from '../backends/backend.js';
import { ShapeError, ValueError } from '../errors.js';
import { type Device, getDevice } from './device.js';
import { checkDType, type DType, dtypeOf, hostArray, isTypedArray, type TypedArray, toHostArray } from './dtype.js';
import { type ArrayLike, allocate, fromHost, NDArray, type Nested } from './ndarray.js';
import { checkShape, type Shape } from './shape.js';

/** Where and as what an array is made. A dtype alone may stand for `{ dtype }`. */
export interface ArrayOptions {
  /** Default: `float32`, or what the data says. */
  dtype?: DType;
  /** Default: the device set by `init`. */
  device?: DeviceName;
}

/** A shape, or the length of a one-dimensional array. */
export type ShapeLike = number | Shape;

function resolve(op: string, options: DType | ArrayOptions | undefined, dtype: DType): [DType, Device] {
  const { dtype: asked = dtype, device } = typeof options === 'string' ? { dtype: options } : (options ?? {});
  return [checkDType(op, asked), getDevice(device)];
}

function shapeOf(op: string, shape: ShapeLike): Shape {
  const list = typeof shape === 'number' ? [shape] : shape;
  checkShape(op, list);
  return list;
}

function flatten(data: Nested<number | boolean>): { values: number[]; shape: number[]; bool: boolean } {
  const shape: number[] = [];
  for (let row: Nested<number | boolean> = data; Array.isArray(row); row = row[0]) {
    shape.push(row.length);
    if (row.length === 0) break;
  }
  const values: number[] = [];
  let bool = true;
  const walk = (item: Nested<number | boolean>, depth: number) => {
    if (Array.isArray(item)) {
      if (depth >= shape.length || item.length !== shape[depth]) {
        throw new ShapeError(
          `array: ragged rows: length ${item.length} at depth ${depth}, expected ${shape[depth] ?? 'a number'}`,
        );
      }
      for (const inner of item) walk(inner, depth + 1);
    } else {
      if (depth !== shape.length)
        throw new ShapeError(`array: ragged rows: a number at depth ${depth} of ${shape.length}`);
      if (typeof item !== 'boolean') bool = false;
      values.push(Number(item));
    }
  };
  walk(data, 0);
  return { values, shape, bool: bool && values.length > 0 };
}

/**
 * An array of the given data; follows numpy.array. Nested numbers become `float32`, nested booleans `bool`, host arrays
 * keep their type (one-dimensional), an NDArray is copied.
 *
 * @throws ShapeError for ragged rows.
 */
export function array(data: ArrayLike, options?: DType | ArrayOptions): NDArray {
  if (data instanceof NDArray) {
    const [dtype, device] = resolve('array', options, data.dtype);
    return transfer(data, dtype, typeof options === 'object' && options.device ? device : data.device);
  }
  if (isTypedArray(data)) {
    const [dtype, device] = resolve('array', options, dtypeOf(data));
    return fromHost(dtypeOf(data) === dtype ? data : toHostArray(data, dtype), [data.length], dtype, device);
  }
  const { values, shape, bool } = flatten(data);
  const [dtype, device] = resolve('array', options, bool ? 'bool' : 'float32');
  return fromHost(toHostArray(values, dtype), shape, dtype, device);
}

/** A copy of `x` with a dtype and on a device, through the host only where the device changes. */
function transfer(x: NDArray, dtype: DType, device: Device): NDArray {
  if (device !== x.device) {
    const data: TypedArray = x.dataSync();
    return fromHost(x.dtype === dtype ? data : toHostArray(data, dtype), x.shape, dtype, device);
  }
  const out = allocate(x.shape, dtype, device);
  device.cast(x, out);
  return out;
}

/** The data as an array: itself if it is one (of that dtype), a new one otherwise; follows numpy.asarray. */
export function asarray(data: ArrayLike, options?: DType | ArrayOptions): NDArray {
  if (!(data instanceof NDArray)) return array(data, options);
  const [dtype, device] = resolve('asarray', options, data.dtype);
  const elsewhere = typeof options === 'object' && options.device !== undefined && device !== data.device;
  return dtype === data.dtype && !elsewhere ? data : array(data, options);
}

/** Copies `x` to a device; `x` itself if it is there already. */
export function toDevice(x: NDArray, device: DeviceName): NDArray {
  return asarray(x, { device, dtype: x.dtype });
}

/** An array filled with one value; follows numpy.full. */
export function full(shape: ShapeLike, value: number, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('full', options, 'float32');
  const out = allocate(shapeOf('full', shape), dtype, device);
  device.fill(out, value);
  return out;
}

/** Zeros; follows numpy.zeros with `float32` as the default dtype. */
export function zeros(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  return full(shape, 0, options);
}

/** Ones; follows numpy.ones with `float32` as the default dtype. */
export function ones(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  return full(shape, 1, options);
}

/** An array of undefined content; follows numpy.empty. */
export function empty(shape: ShapeLike, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('empty', options, 'float32');
  return allocate(shapeOf('empty', shape), dtype, device);
}

/** A filled array with the shape, dtype and device of another; follows numpy.full_like. */
export function fullLike(x: NDArray, value: number, dtype: DType = x.dtype): NDArray {
  const out = allocate(x.shape, dtype, x.device);
  x.device.fill(out, value);
  return out;
}

/** Zeros with the shape, dtype and device of another array; follows numpy.zeros_like. */
export function zerosLike(x: NDArray, dtype: DType = x.dtype): NDArray {
  return fullLike(x, 0, dtype);
}

/** Ones with the shape, dtype and device of another array; follows numpy.ones_like. */
export function onesLike(x: NDArray, dtype: DType = x.dtype): NDArray {
  return fullLike(x, 1, dtype);
}

/** An uninitialised array with the shape, dtype and device of another; follows numpy.empty_like. */
export function emptyLike(x: NDArray, dtype: DType = x.dtype): NDArray {
  return allocate(x.shape, dtype, x.device);
}

/**
 * start, start + step, … up to but without stop; `arange(n)` counts from 0. `int32` if all three are integers, else
 * `float32`; follows numpy.arange.
 *
 * @throws ValueError if step is 0.
 */
export function arange(start: number, stop?: number, step = 1, options?: DType | ArrayOptions): NDArray {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new ValueError('arange: step is 0');
  const whole = [from, to, step].every(Number.isInteger);
  const [dtype, device] = resolve('arange', options, whole ? 'int32' : 'float32');
  const n = Math.max(0, Math.ceil((to - from) / step));
  const data = hostArray(dtype, n);
  for (let i = 0; i < n; i++) data[i] = from + i * step;
  return fromHost(data, [n], dtype, device);
}

/** `num` evenly spaced numbers from start to stop, both included; follows numpy.linspace. */
export function linspace(start: number, stop: number, num = 50, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('linspace', options, 'float32');
  const data = hostArray(dtype, num);
  for (let i = 0; i < num; i++) data[i] = num === 1 ? start : start + ((stop - start) * i) / (num - 1);
  return fromHost(data, [num], dtype, device);
}

/** The n × m matrix with ones on its k-th diagonal; follows numpy.eye. */
export function eye(n: number, m = n, k = 0, options?: DType | ArrayOptions): NDArray {
  const [dtype, device] = resolve('eye', options, 'float32');
  const data = hostArray(dtype, n * m);
  for (let i = Math.max(0, -k); i < n && i + k < m; i++) data[i * m + i + k] = 1;
  return fromHost(data, shapeOf('eye', [n, m]), dtype, device);
}
