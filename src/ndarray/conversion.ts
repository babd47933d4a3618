/** Values that become arrays: numbers, objects with a block of elements (see `blocks.ts`), and lists of all these. */
import { otherCopy } from '../copies.js';
import { DeviceError, IndexError, ShapeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { blockOf, type ForeignTensor, MOST_ITEMS, type Picture, type Values } from './blocks.js';
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
import { checkSize, type Shape, sizeOf } from './shape.js';

/** A single value, not a list, that becomes an array. */
type Item = number | boolean | bigint | NDArray | ArrayBufferView | ArrayBufferLike | ForeignTensor | Picture;

/** A value that becomes an array; see `np.array`. */
export type ArrayLike = Item | readonly ArrayLike[] | Iterable<number | boolean | bigint | ArrayBufferView>;

/** An object that holds an array, such as a Variable. */
export interface ArrayHolder {
  readonly array: NDArray;
}

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
