/**
 * NDArray: dense, row-major numbers on a device. The class has the storage, the shape and the transfers to the host. The routines in
 * the other files compute; `methods.ts` adds them to the class as methods.
 */

import type { Memory, Tensor } from '../backends/primitives.js';
import { ITEM_SIZES } from '../backends/shapes.js';
import { COPY, type Copy, MARK } from '../copies.js';
import { DeviceError, DTypeError, ShapeError } from '../errors.js';
import { inWords } from '../options.js';
import { INSPECT } from '../printing.js';
import { type Device, getDevice } from './device.js';
import {
  checkedHostArray,
  type DType,
  dtypeOf,
  hostArray,
  isTypedArray,
  type TypedArray,
  toHostArray,
} from './dtype.js';
import { allocateStorage, type Reaching, reach } from './lifetime.js';
import { checkedSize, formatShape, resolveShape, type Shape, sizeOf } from './shape.js';
import type { Storage } from './storage.js';

/** Nested lists of numbers, such as `[[1, 2], [3, 4]]`. All lists of one depth have the same length. */
export type Nested<T> = T | readonly Nested<T>[];

/** Marks a shape as checked, and as one that fits the storage. Only this file can mark one. */
const CHECKED = Symbol('checked');

/**
 * An n-dimensional array of one dtype on one device, dense and row-major. `reshape` shares the storage; other routines copy. `np.array`,
 * `np.zeros`, … make arrays; scopes or the garbage collector free them.
 */
export class NDArray implements Tensor, Reaching {
  /** The lengths of the axes; `[]` for a single number. */
  readonly shape: Shape;
  /** The type of the elements. */
  readonly dtype: DType;
  /** The memory, shared with reshapes of this array. */
  readonly storage: Storage;

  /** For the library's own use. The functions of `np` make arrays. */
  constructor(storage: Storage, shape: Shape, dtype: DType, isChecked?: typeof CHECKED) {
    // Only a program that calls the constructor itself comes with an unchecked shape.
    if (isChecked !== CHECKED && checkedSize('NDArray', shape) * ITEM_SIZES[dtype] !== storage.bytes)
      throw new ShapeError(`NDArray: ${formatShape(shape)} of ${dtype} does not fit ${storage.bytes} bytes`);
    this.storage = storage;
    this.shape = shape;
    this.dtype = dtype;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The device that holds the elements. */
  get device(): Device {
    return this.storage.backend;
  }

  /** The device memory of the elements. @throws MemoryError after the array was freed. */
  get memory(): Memory {
    return this.storage.memory;
  }

  /** A host copy of the elements, in row-major order. Never blocks the thread while a GPU works. */
  data(): Promise<TypedArray> {
    return this.device.read(this.memory);
  }

  /** A host copy of the elements now. On a GPU it waits for all earlier work: prefer {@link data} there. */
  dataSync(): TypedArray {
    return this.device.readSync(this.memory);
  }

  /** The only element, as a number. @throws ShapeError unless the size is 1. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: an array of shape ${formatShape(this.shape)} has no single element`);
    return this.dataSync()[0];
  }

  /** The elements as nested arrays of numbers, or one number for a 0-d array. Waits as {@link dataSync} does. */
  tolist(): Nested<number> {
    return nest(this.dataSync(), this.shape);
  }

  /** The same elements in another shape, with the same storage. One length may be -1. @throws ShapeError if they do not fit. */
  reshape(...shape: number[] | [Shape]): NDArray {
    const requested = (typeof shape[0] === 'object' && shape[0] !== null ? shape[0] : shape) as Shape;
    return new NDArray(this.storage, resolveShape('reshape', requested, this.size), this.dtype, CHECKED);
  }

  /** Replaces all elements by host data. @throws ShapeError if the lengths differ. */
  set(data: TypedArray | readonly number[]): void {
    if (!isTypedArray(data) && !Array.isArray(data))
      throw new TypeError(`set: data is ${inWords(data)}, expected a list of ${this.size} numbers`);
    if (data.length !== this.size) {
      throw new ShapeError(`set: ${data.length} values for an array of shape ${formatShape(this.shape)}`);
    }
    const fits = isTypedArray(data) && (dtypeOf(data) === this.dtype || (this.dtype === 'bool' && isBinary(data)));
    this.device.write(
      this.memory,
      fits ? data : isTypedArray(data) ? toHostArray(data, this.dtype) : checkedHostArray('set', data, this.dtype),
    );
  }

  /** Frees the memory now, not at the end of a scope. Arrays that share the memory are freed too. */
  dispose(): void {
    this.storage.free('use after free: this array was disposed');
  }

  /** Frees the memory at the end of a `using` block; see {@link dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  get [MARK](): Copy {
    return COPY;
  }

  /** @internal */
  [reach](visit: (value: unknown) => void): void {
    visit(this.storage);
  }

  /** @internal Refuses JavaScript's operators, which would give a text or NaN. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    if (this.ndim === 0) return this.item();
    throw new TypeError(
      `operators do not compute with an NDArray ${formatShape(this.shape)}: use x.add(y), x.mul(2), x.greater(1)`,
    );
  }

  /** The elements as nested lists, for `JSON.stringify(x)`. @throws DeviceError on a GPU, where reading waits. */
  toJSON(): Nested<number> {
    const { name } = this.device;
    if (name !== 'wasm') throw new DeviceError(`toJSON: reading '${name}' would block: use await x.data()`);
    return this.tolist();
  }

  /** The elements as NumPy shows them, with shape and dtype; see np.arrayRepr. In `rensa/inference`, only shape and dtype. */
  toString(): string {
    return `array(${formatShape(this.shape)}, ${this.dtype}, ${this.device.name})`;
  }

  /** @internal */
  [INSPECT](depth: number): string {
    return depth < 0 ? '[NDArray]' : this.toString();
  }
}

function isBinary(data: TypedArray): boolean {
  return data instanceof Uint8Array && data.every((v) => v <= 1);
}

function nest(data: TypedArray, shape: Shape): Nested<number> {
  let at = 0;
  const level = (depth: number): Nested<number> =>
    depth === shape.length ? data[at++] : Array.from({ length: shape[depth] }, () => level(depth + 1));
  return level(0);
}

/** An array of undefined content, such as a routine allocates for its result. */
export function allocate(shape: Shape, dtype: DType, device: Device = getDevice()): NDArray {
  if (!device.dtypes.includes(dtype)) {
    throw new DTypeError(`device '${device.name}' has no dtype ${dtype} (it has ${device.dtypes.join(', ')})`);
  }
  const storage = allocateStorage(device, checkedSize('array', shape), dtype);
  return new NDArray(storage, shape, dtype, CHECKED);
}

/** An array with host data. */
export function fromHost(data: TypedArray, shape: Shape, dtype: DType, device: Device = getDevice()): NDArray {
  if (data.length !== checkedSize('array', shape)) {
    throw new ShapeError(`array: ${data.length} values cannot take the shape ${formatShape(shape)}`);
  }
  const out = allocate(shape, dtype, device);
  device.write(out.memory, data);
  return out;
}

/**
 * An array whose elements the host computes. The device allocates first: an array that it cannot hold takes no memory and no time on
 * the host.
 */
export function computedOnHost<T extends TypedArray>(
  shape: Shape,
  dtype: DType,
  device: Device,
  fill: (data: T) => void,
): NDArray {
  const out = allocate(shape, dtype, device);
  const data = hostArray(dtype, out.size);
  fill(data as T); // the caller names the class of the dtype
  device.write(out.memory, data);
  return out;
}
