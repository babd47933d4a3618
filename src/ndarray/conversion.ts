/** Values that become arrays: lists, host arrays, pictures, tensors of other libraries, and lists of all these. */
import { otherCopy } from '../copies.js';
import { DeviceError, IndexError, ShapeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { type Device, getDevice } from './device.js';
import {
  checkHolds,
  type DType,
  dtypeOf,
  holds,
  hostArray,
  isFloating,
  isTypedArray,
  promote,
  type TypedArray,
  toHostArray,
} from './dtype.js';
import { allocate, fromHost, NDArray } from './ndarray.js';
import { checkedSize, checkList, checkSize, checkView, formatShape, type Shape, sizeOf, stridesOf } from './shape.js';

/** A tensor of another library, such as onnxruntime (`dims`) or `ndarray` (`stride` and `offset` in elements). */
export interface ForeignTensor {
  /** The elements. */
  readonly data: ArrayBufferView | readonly (number | bigint | boolean)[];
  /** The lengths of the axes. */
  readonly shape?: Shape;
  /** The lengths of the axes, by onnxruntime's name. */
  readonly dims?: Shape;
  /** Elements from one index of an axis to the next. Default: dense rows. */
  readonly stride?: readonly number[];
  /** The place of the first element in the data. Default: 0. */
  readonly offset?: number;
}

/** A picture: `ImageData` of a canvas, a `HostImage`, or another with its pixels in rows, channels last. */
export interface Picture {
  /** The pixels, row by row, channels last. */
  readonly data: ArrayBufferView | readonly number[];
  /** The number of pixels in a row. */
  readonly width: number;
  /** The number of rows. */
  readonly height: number;
  /** The number of channels. Default: the number of data for each pixel. */
  readonly channels?: number;
}

/** A single value, not a list, that becomes an array. */
type Item = number | boolean | bigint | NDArray | ArrayBufferView | ArrayBufferLike | ForeignTensor | Picture;

/** A value that becomes an array; see `np.array`. */
export type ArrayLike = Item | readonly ArrayLike[] | Iterable<number | boolean | bigint | ArrayBufferView>;

/** An object that holds an array, such as a Variable. */
export interface ArrayHolder {
  readonly array: NDArray;
}

type Values = globalThis.ArrayLike<number | bigint | boolean>;

/** The elements that were read. */
interface Nest {
  /** The elements in order, in the groups in which they came. */
  readonly parts: readonly (Values | NDArray)[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether all elements are numbers of lists, which take the dtype of an array beside them. */
  readonly isWeak: boolean;
  /** The first number of a list that is not an integer. */
  readonly fraction: number | undefined;
}

/** A group of elements. */
type Block = readonly [values: Values | NDArray, shape: Shape, dtype: DType];

/** A host array of any realm as one block; a DataView as its bytes. */
function blockOfView(view: ArrayBufferView): Block {
  const kind = Object.prototype.toString.call(view).slice(8);
  if (kind[0] === 'D') return blockOfView(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const values = view as ArrayBufferView & Values;
  return [
    values,
    [values.length],
    kind === 'Float64Array]' ? 'float64' : kind[0] === 'F' ? 'float32' : /^Uint8/.test(kind) ? 'uint8' : 'int32',
  ];
}

let isWarned = false;

/** Whether an item is an array of another copy of the package on wasm. Its elements can be read, and are copied at each use. */
function isOtherArray(item: object): item is NDArray {
  if (!otherCopy(item) || (item as Partial<NDArray>).device?.name !== 'wasm') return false;
  if (!isWarned) console.warn(`rensa: ${inWords(item)} is copied at each use`);
  isWarned = true;
  return true;
}

/** The most items that are taken from a generator, which may have no end, or from a view that repeats its values. */
const MOST_ITEMS = 2 ** 20;

/** An object that is not a list, as one block; null if it cannot be read. */
function blockOf(op: string, item: object): Block | null {
  if (item instanceof NDArray) return [item, item.shape, item.dtype];
  if (ArrayBuffer.isView(item)) return blockOfView(item);
  if (/ArrayBuffer\]/.test(Object.prototype.toString.call(item)))
    return blockOfView(new Uint8Array(item as ArrayBuffer));
  const {
    array,
    data,
    width,
    height,
    channels,
    dims,
    shape,
    stride,
    offset = 0,
  } = item as Partial<ForeignTensor & Picture> & { array?: unknown };
  if (array instanceof NDArray || otherCopy(array)) return blockOf(op, array as object);
  if (isOtherArray(item)) return [item.dataSync(), item.shape, item.dtype];
  if (typeof data === 'function')
    throw new TypeError(
      `${op}: ${inWords(item)} gives its data by a call; pass { data: await x.data(), shape: x.shape }`,
    );
  if (!Array.isArray(data) && !ArrayBuffer.isView(data)) return null;
  const [values, length, dtype] = Array.isArray(data)
    ? ([data, [data.length], 'float32'] as const)
    : blockOfView(data as ArrayBufferView);
  const [h, w] = [Number(height), Number(width)];
  const lengths = shape ?? dims ?? [h, w, channels ?? length[0] / (h * w)];
  if (!Array.isArray(lengths)) return null;
  checkList(op, 'shape', lengths);
  if (!lengths.every(Number.isInteger)) return null;
  const size = checkedSize(op, lengths);
  if (!stride) {
    if (length[0] !== size)
      throw new ShapeError(`${op}: ${length[0]} values cannot take the shape ${formatShape(lengths)}`);
    return [values, lengths, dtype];
  }
  checkView(op, { offset, strides: stride }, lengths, length[0]);
  if (size > Math.max(MOST_ITEMS, length[0])) throw new ShapeError(`${op}: ${length[0]} values repeated to ${size}`);
  const own = stridesOf(lengths);
  const at = (i: number) => lengths.reduce((sum, n, k) => sum + (Math.floor(i / own[k]) % n) * stride[k], offset);
  return [hostArray('float64', size).map((_, i) => Number((values as Values)[at(i)])), lengths, dtype];
}

/** An array of another copy of the package as an array of this one; another value as it is. */
export function ofThisCopy<T>(op: string, x: T): T | NDArray {
  return otherCopy(x) && 'storage' in Object(x) ? convert(op, 'an array', x) : x;
}

/** Whether an object becomes one array, in contrast to a record or a list of arrays. */
export function isItem(item: unknown): boolean {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && blockOf('array', item) !== null;
}

/** The items of an iterable. @throws ValueError if there are more than 2²⁰. */
function listOf(op: string, name: string, items: Iterable<unknown>): unknown[] {
  const list: unknown[] = [];
  for (const item of items) {
    if (list.length === MOST_ITEMS)
      throw new ValueError(`${op}: ${name} gives more than ${MOST_ITEMS} items: pass a list or a typed array of them`);
    list.push(item);
  }
  return list;
}

function read(op: string, name: string, data: unknown): Nest {
  const parts: (Values | NDArray)[] = [];
  const shape: number[] = [];
  const path: number[] = [];
  let dtype: DType | undefined;
  let isWeak = true;
  let fraction: number | undefined;
  let numbers: (number | bigint | boolean)[] = [];
  // The first descent finds the shape; later ones must agree with it.
  let known = false;
  /** The lengths of the next levels. Below the last are elements. */
  const meet = (lengths: Shape, isLast: boolean) => {
    const depth = path.length;
    if (!known) shape.push(...lengths);
    known ||= isLast;
    const rest = shape.slice(depth, isLast ? undefined : depth + 1);
    if (String(rest) !== String(lengths) || depth > 31)
      throw new ShapeError(
        `${op}: ragged rows: length ${lengths} at depth ${depth}, expected ${rest.length ? rest : 'a number'}`,
      );
  };
  const see = (type: DType) => {
    dtype = dtype === undefined ? type : promote(dtype, type);
  };
  const flush = () => {
    if (numbers.length > 0) parts.push(numbers);
    numbers = [];
  };
  const walk = (item: unknown): void => {
    if (typeof item === 'number' || typeof item === 'boolean' || typeof item === 'bigint') {
      if (!known || path.length !== shape.length) meet([], true);
      const type = typeof item === 'number' ? 'float32' : typeof item === 'boolean' ? 'bool' : 'int32';
      if (type !== dtype) see(type);
      if (fraction === undefined && type === 'float32' && !Number.isInteger(item)) fraction = item as number;
      numbers.push(item);
      return;
    }
    if (typeof item === 'object' && item !== null) {
      const block = Array.isArray(item) ? null : blockOf(op, item);
      if (block) {
        meet(block[1], true);
        see(block[2]);
        flush();
        isWeak = false;
        parts.push(block[0]);
        return;
      }
      if (Symbol.iterator in item) {
        const list: readonly unknown[] = Array.isArray(item) ? item : listOf(op, name, item as Iterable<unknown>);
        checkSize(op, 'the length', list.length);
        meet([list.length], list.length === 0);
        // forEach would skip holes.
        for (let i = 0; i < list.length; i++) {
          path.push(i);
          walk(list[i]);
          path.pop();
        }
        return;
      }
    }
    const where = path.map((i) => `[${i}]`).join('');
    throw new TypeError(`${op}: ${name}${where} is ${inWords(item)}, expected numbers, lists or arrays`);
  };
  walk(data);
  flush();
  return { parts, shape, dtype: dtype ?? 'float32', isWeak, fraction };
}

/** Elements on the host. @throws ValueError if one does not fit the dtype. */
function hostOf(op: string, values: Values, dtype: DType): TypedArray {
  if (isTypedArray(values) && dtypeOf(values) === dtype) return values;
  if (!isFloating(dtype)) for (let i = 0; i < values.length; i++) checkHolds(op, dtype, Number(values[i]));
  return toHostArray(Array.from(values, Number), dtype);
}

function assemble(op: string, { parts, shape }: Nest, dtype: DType, asked?: Device): NDArray {
  const first = parts.find((part) => part instanceof NDArray);
  const device = asked ?? first?.device ?? getDevice();
  if (!first) {
    const host = parts.map((part) => hostOf(op, part as Values, dtype));
    const whole = host.length === 1 ? host[0] : hostArray(dtype, sizeOf(shape));
    let at = 0;
    for (const part of host.length === 1 ? [] : host) {
      whole.set(part, at);
      at += part.length;
    }
    return fromHost(whole, shape, dtype, device);
  }
  const out = allocate(shape, dtype, device);
  const strides = [1];
  let offset = 0;
  for (const part of parts) {
    const x = part instanceof NDArray ? part : fromHost(hostOf(op, part, dtype), [part.length], dtype, device);
    if (x.device !== device)
      throw new DeviceError(`${op}: arrays live on '${x.device.name}' and '${device.name}'; move one with toDevice`);
    const same = x.dtype === dtype ? x : allocate(x.shape, dtype, device);
    if (same !== x) device.cast(x, same);
    if (x.size > 0) device.copy(same, { offset: 0, strides }, out, { offset, strides }, [x.size]);
    offset += x.size;
  }
  return out;
}

/**
 * An array of a value that `np.array` takes. Lists of arrays stay on the device of their arrays.
 *
 * @param name the argument's name in errors
 * @param asked Default: the dtype of the data.
 * @param device Default: that of the arrays in the data, or the device of new arrays.
 */
export function convert(op: string, name: string, data: unknown, asked?: DType, device?: Device): NDArray {
  const nest = read(op, name, data);
  return assemble(op, nest, asked ?? nest.dtype, device);
}

/** {@link read} of an operand. Refuses iterables other than lists, and Variables, whose gradient would be lost. */
function readOperand(op: string, name: string, x: unknown): Nest {
  if (typeof x === 'object' && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x)) {
    if ('array' in x)
      throw new TypeError(`${op}: ${name} is ${inWords(x)}; use F, or its .array, which has no gradient`);
    if (Symbol.iterator in x) throw new TypeError(`${op}: ${name} is ${inWords(x)}, expected an array or a list`);
  }
  return read(op, name, x);
}

/**
 * An argument that stands for an array: an array, a number, a (nested) list, or a host array. Numbers of lists take the dtype and
 * the device of the array beside them; fractions beside integers become `float32`.
 *
 * @throws TypeError naming the operation, the argument and its value; ValueError if a number does not fit the dtype.
 */
export function operand(op: string, name: string, x: unknown, beside?: unknown): NDArray {
  if (x instanceof NDArray) return x;
  const nest = readOperand(op, name, x);
  const { dtype, isWeak, fraction } = nest;
  if (!(beside instanceof NDArray || otherCopy(beside))) return assemble(op, nest, dtype);
  const { dtype: other } = beside as NDArray;
  const device = beside instanceof NDArray ? beside.device : undefined;
  if (isWeak && isFloating(other)) return assemble(op, nest, other, device);
  return assemble(op, nest, isWeak && dtype === 'float32' && fraction === undefined ? 'int32' : dtype, device);
}

/**
 * An argument of positions or labels: an array as it is; a number, a list or a host array of integers as `int32`.
 *
 * @throws IndexError for a number with a fraction, or one outside int32; also as {@link operand}.
 */
export function wholeOperand(op: string, name: string, x: unknown, beside?: NDArray): NDArray {
  if (x instanceof NDArray) return x;
  const nest = readOperand(op, name, x);
  const { dtype, isWeak, parts } = nest;
  // A typed array whose buffer was transferred has no elements, and cannot be iterated.
  const listed = parts.filter((part) => !(part instanceof NDArray) && part.length > 0) as Values[];
  const beyond = listed.flatMap((part) => Array.from(part, Number)).find(isNoPosition);
  if (beyond !== undefined) throw new IndexError(`${op}: ${name} has ${beyond}, expected integers of int32`);
  return assemble(op, nest, dtype === 'uint8' || (isWeak && dtype === 'float32') ? 'int32' : dtype, beside?.device);
}

const isNoPosition = (n: number): boolean => !Number.isInteger(n) || !holds('int32', n);
