/**
 * Reads MATLAB's level 5 MAT-files: their numeric arrays, compressed or not, of either byte order. Cells, structures,
 * texts, sparse and complex arrays are skipped.
 */
import { FormatError } from '../errors.js';
import { sizeOf } from '../ndarray/shape.js';
import { decodeElements, WIDTHS } from './elements.js';
import type { HostArrayOf, NumericDType } from './host-array.js';
import { checkRatio } from './inflate.js';
import { Budget, type Limits } from './limits.js';
import { needsRehearsal, usualSize } from './rehearsal.js';
import { eachInflated, unzlib } from './unzlib.js';

const HEADER = 128;
const TAG = 8;
const MATRIX = 14;
const COMPRESSED = 15;
const COMPLEX = 0x08;
/** More dimensions, and longer names, than MATLAB allows. */
const MAX_DIMENSIONS = 64;
const MAX_NAME = 1024;

/** The types that elements of a file have. */
const TYPES: ReadonlyMap<number, NumericDType> = new Map<number, NumericDType>([
  [1, 'int8'],
  [2, 'uint8'],
  [3, 'int16'],
  [4, 'uint16'],
  [5, 'int32'],
  [6, 'uint32'],
  [7, 'float32'],
  [9, 'float64'],
  [12, 'int64'],
  [13, 'uint64'],
]);

/** The classes of numeric arrays: double to uint64. */
const isNumericClass = (kind: number) => kind >= 6 && kind <= 15;

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
  /** The offset of the next element. */
  readonly end: number;
}

/** Reads elements one after another. */
class Elements {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #what: string;
  #at: number;

  constructor(bytes: Uint8Array, littleEndian: boolean, what: string, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#what = what;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Element {
    const at = this.#at;
    if (at + TAG > this.#bytes.length) this.#fail(`an element at byte ${at} has no tag`);
    const first = this.#view.getUint32(at, this.#littleEndian);
    // A short element has its size in the upper half of the first word, and its data in the second word.
    const isShort = first >>> 16 !== 0;
    const type = isShort ? first & 0xffff : first;
    const size = isShort ? first >>> 16 : this.#view.getUint32(at + 4, this.#littleEndian);
    const start = isShort ? at + 4 : at + TAG;
    if (start + size > this.#bytes.length || (isShort && size > 4)) {
      this.#fail(`an element of ${size} bytes at ${at} does not fit in ${this.#bytes.length} bytes`);
    }
    const end = isShort ? at + TAG : type === COMPRESSED ? start + size : start + Math.ceil(size / 8) * 8;
    this.#at = end;
    return { type, data: this.#bytes.subarray(start, start + size), end };
  }

  /** The next element as a list of at most `most` numbers. */
  few(most: number): number[] {
    const { type, data } = this.next();
    if (data.length > 8 * most) this.#fail(`an element of ${data.length} bytes where ${most} numbers are the most`);
    return Array.from(this.#decode(type, data).data, Number);
  }

  /** The next element as an array of numbers of the file's own type. */
  numbers(shape: readonly number[]): HostArrayOf<NumericDType> {
    const { type, data } = this.next();
    return this.#decode(type, data, shape);
  }

  /** The next element as text. */
  text(): string {
    const { data } = this.next();
    if (data.length > MAX_NAME) this.#fail(`a name of ${data.length} bytes, more than ${MAX_NAME}`);
    return new TextDecoder().decode(data);
  }

  #decode(type: number, data: Uint8Array, shape?: readonly number[]): HostArrayOf<NumericDType> {
    const dtype = TYPES.get(type);
    if (!dtype) this.#fail(`an element of type ${type} where numbers are expected`);
    const count = data.length / WIDTHS[dtype];
    if (!Number.isInteger(count) || (shape && sizeOf(shape) !== count)) {
      this.#fail(`${data.length} bytes of ${dtype} are not ${shape ? shape.join(' × ') : 'whole'} numbers`);
    }
    return decodeElements(dtype, shape ?? [count], data, this.#littleEndian);
  }

  #fail(reason: string): never {
    throw new FormatError(`${this.#what}: ${reason}`);
  }
}

/** The declared size of a compressed matrix, read from its own first bytes. */
function decompress(compressed: Uint8Array, littleEndian: boolean, what: string, budget: Budget): Uint8Array {
  const tag = unzlib(what, compressed, TAG);
  const size = new DataView(tag.buffer, tag.byteOffset).getUint32(4, littleEndian) + TAG;
  checkRatio(what, compressed.length, size);
  budget.spend('bytes', size, 'a compressed matrix');
  if (needsRehearsal(compressed.length, size)) eachInflated(what, compressed, [0, compressed.length], size, () => {});
  return unzlib(what, compressed, size);
}

/**
 * The numeric arrays of a MAT-file by name. In MATLAB the first index varies fastest, so axes come out reversed: a
 * matrix of 3 rows and 2 columns has shape (2, 3).
 *
 * @param what names the file in errors.
 * @param limits `bytes`: size of the inflated matrices, by default at most 32 MiB, or 32 times the file if that is
 *   more.
 * @throws FormatError when the file is damaged, of another level than 5, or beyond a limit.
 */
export async function parseMat(
  bytes: Uint8Array,
  what = 'mat',
  limits: Limits = {},
): Promise<Map<string, HostArrayOf<NumericDType>>> {
  const budget = new Budget(what, { bytes: usualSize(bytes.length), ...limits }, bytes.length);
  const order = String.fromCharCode(...bytes.subarray(126, 128));
  if (bytes.length < HEADER || (order !== 'IM' && order !== 'MI')) {
    throw new FormatError(`${what}: not a level 5 MAT-file (${bytes.length} bytes)`);
  }
  const littleEndian = order === 'IM';
  const arrays = new Map<string, HostArrayOf<NumericDType>>();
  const elements = new Elements(bytes, littleEndian, what, HEADER);
  while (!elements.done) {
    const { type, data } = elements.next();
    if (type === MATRIX) readMatrix(data, littleEndian, what, arrays);
    else if (type === COMPRESSED) {
      const inner = new Elements(decompress(data, littleEndian, what, budget), littleEndian, what).next();
      if (inner.type === MATRIX) readMatrix(inner.data, littleEndian, what, arrays);
    }
  }
  return arrays;
}

function readMatrix(
  data: Uint8Array,
  littleEndian: boolean,
  what: string,
  arrays: Map<string, HostArrayOf<NumericDType>>,
): void {
  const parts = new Elements(data, littleEndian, what);
  const [flags = 0] = parts.few(2);
  if (!isNumericClass(flags & 0xff) || (flags >>> 8) & COMPLEX) return;
  const shape = parts.few(MAX_DIMENSIONS).reverse();
  if (shape.length > MAX_DIMENSIONS || shape.some((n) => !Number.isSafeInteger(n) || n < 0))
    throw new FormatError(`${what}: sizes ${shape.join(' × ')}`);
  const name = parts.text();
  arrays.set(name, parts.numbers(shape));
}
