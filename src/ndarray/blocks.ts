/** Objects that hold their elements in one block: arrays, host arrays, pictures, and tensors of other libraries. */
import { otherCopy } from '../copies.js';
import { ShapeError } from '../errors.js';
import { inWords } from '../options.js';
import { type DType, hostArray } from './dtype.js';
import { NDArray } from './ndarray.js';
import { checkedSize, checkList, checkView, formatShape, type Shape, stridesOf } from './shape.js';

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

/** Numbers of a list or of a host array. */
export type Values = globalThis.ArrayLike<number | bigint | boolean>;

/** Elements in one block, with their shape and dtype. */
export type Block = readonly [values: Values | NDArray, shape: Shape, dtype: DType];

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
export const MOST_ITEMS = 2 ** 20;

/** An object that is not a list, as one block; null if it cannot be read. */
export function blockOf(op: string, item: object): Block | null {
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
