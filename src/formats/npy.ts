/**
 * NumPy's .npy format, one array a file: bytes to a {@link HostArray} and back. See npz.ts for archives of several
 * arrays.
 */
import { DTypeError, FormatError, ShapeError, ValueError } from '../errors.js';
import { formatShape, sizeOf, stridesOf } from '../ndarray/shape.js';
import { checkFilled, decodeElements, encodeElements, requireNumeric } from './elements.js';
import type { HostArray } from './host-array.js';
import { Budget } from './limits.js';
import { descrOf, encodeNpyHeader, MAX_HEADER, type NpyHeader, parseNpyHeader } from './npy-header.js';
import { checkPickledNone, checkPickleLength, pickledNone } from './pickled-none.js';
import { shortened } from './quoted.js';

/**
 * Reads a .npy file (`numpy.load`), versions 1.0 to 3.0, either byte order, either memory order. The elements are
 * copied and row-major. Unicode arrays become `str`, byte strings `bytes`. An object array is accepted if every element
 * is None, and refused otherwise: pickles are not executed.
 *
 * @param what names the file in errors.
 * @param budget bounds texts and None, which take one object for each element.
 * @throws FormatError when the bytes are not a .npy file, when its shape and its length disagree, or for dtypes without
 *   a host dtype (complex, datetime, structured).
 */
export function parseNpy(bytes: Uint8Array, what = 'npy', budget = new Budget(what, {}, bytes.length)): HostArray {
  const header = parseNpyHeader(what, bytes);
  const { dtype, shape } = header;
  const body = bytes.subarray(header.dataOffset);
  if (dtype === 'none') {
    checkCount(header, budget);
    checkPickledNone(what, body, shape);
    return { shape, dtype, data: null };
  }
  checkLength(what, header, body.length);
  const rows = header.fortranOrder ? toRowMajor(body, shape, header.width) : body;
  if (dtype === 'str' || dtype === 'bytes') {
    checkCount(header, budget);
    return { shape, dtype, data: decodeStrings(what, rows, header) };
  }
  return decodeElements(dtype, shape, rows, header.littleEndian);
}

/** The most bytes that precede the elements of a file. */
export const LONGEST_HEAD = MAX_HEADER + 12;

/**
 * Checks a file of `length` bytes by its first {@link LONGEST_HEAD} ones: its header, and the length against the shape.
 *
 * @throws the errors of {@link parseNpy}.
 */
export function checkNpyHead(head: Uint8Array, length: number, what: string, budget: Budget): void {
  const header = parseNpyHeader(what, head);
  const { dtype, shape, dataOffset } = header;
  if (dtype === 'none' || dtype === 'str' || dtype === 'bytes') checkCount(header, budget);
  if (dtype !== 'none') checkLength(what, header, length - dataOffset);
  else checkPickleLength(what, length - dataOffset, shape);
}

/** Charges the budget for dtypes that take one object for each element. */
function checkCount({ dtype, shape }: NpyHeader, budget: Budget): void {
  budget.check('elements', sizeOf(shape), `an array of dtype '${dtype}'`);
}

/** Checks that the shape takes exactly the available bytes. This also bounds everything that is allocated later. */
function checkLength(what: string, { shape, width }: NpyHeader, available: number): void {
  const needed = sizeOf(shape) * width;
  if (needed !== available) {
    throw new FormatError(
      `${what}: shape ${shortened(formatShape(shape))} of ${width}-byte elements takes ${needed} bytes, but ${available} follow the header`,
    );
  }
  // Strings of zero characters take no bytes, so the check above does not bound them.
  if (width === 0 && sizeOf(shape) > 1) {
    throw new FormatError(`${what}: shape ${formatShape(shape)} of elements of zero bytes`);
  }
}

/** The bytes of a Fortran-ordered array, reordered so that the last axis is contiguous. */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  // The strides of Fortran order are those of the reversed shape, reversed.
  const strides = stridesOf([...shape].reverse()).reverse();
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < out.length; to += width) {
    for (let b = 0; b < width; b++) out[to + b] = bytes[from * width + b];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** Fixed-width strings: UCS-4 or bytes, padded with NULs. */
function decodeStrings(what: string, bytes: Uint8Array, { dtype, shape, width, littleEndian }: NpyHeader): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unit = dtype === 'str' ? 4 : 1;
  return Array.from({ length: sizeOf(shape) }, (_, i) => {
    // Joined at the end: appending one by one would take an object for each character of a long text.
    const pieces: string[] = [];
    let codes: number[] = [];
    let end = (i + 1) * width;
    const codeAt = (at: number) => (unit === 4 ? view.getUint32(at, littleEndian) : view.getUint8(at));
    while (end > i * width && codeAt(end - unit) === 0) end -= unit;
    for (let at = i * width; at < end; at += unit) {
      const code = codeAt(at);
      if (code > 0x10ffff) throw new FormatError(`${what}: 0x${code.toString(16)} in string ${i} is not a character`);
      codes.push(code);
      if (codes.length < 4096) continue;
      pieces.push(String.fromCodePoint(...codes));
      codes = [];
    }
    return pieces.join('') + String.fromCodePoint(...codes);
  });
}

/** The parts of a .npy file, header and elements, not joined, to save a copy. */
export function npyParts(array: HostArray, what = 'encodeNpy'): readonly [header: Uint8Array, body: Uint8Array] {
  checkFilled(what, array);
  if (array.dtype === 'none') {
    if (array.shape.length > 0) {
      throw new ShapeError(`${what}: only a 0-d None can be written, got shape ${formatShape(array.shape)}`);
    }
    return [encodeNpyHeader('|O', []), pickledNone()];
  }
  if (array.dtype === 'str') return encodeStrings(array.shape, array.data);
  if (array.dtype === 'bytes') return encodeByteStrings(what, array.shape, array.data);
  const descr = descrOf(array.dtype);
  if (descr === undefined) throw new DTypeError(`${what}: NumPy has no dtype '${array.dtype}'`);
  return [encodeNpyHeader(descr, array.shape), encodeElements(requireNumeric(what, array))];
}

function encodeStrings(shape: readonly number[], strings: readonly string[]): [Uint8Array, Uint8Array] {
  const codes = strings.map((text) => Array.from(text, (c) => c.codePointAt(0) ?? 0));
  const width = codes.reduce((longest, { length }) => Math.max(longest, length), 1);
  const body = new Uint8Array(4 * width * strings.length);
  const view = new DataView(body.buffer);
  codes.forEach((row, i) => {
    row.forEach((code, k) => {
      view.setUint32(4 * (i * width + k), code, true);
    });
  });
  return [encodeNpyHeader(`<U${width}`, shape), body];
}

function encodeByteStrings(
  what: string,
  shape: readonly number[],
  strings: readonly string[],
): [Uint8Array, Uint8Array] {
  const width = strings.reduce((longest, { length }) => Math.max(longest, length), 1);
  const body = new Uint8Array(width * strings.length);
  strings.forEach((text, i) => {
    for (let k = 0; k < text.length; k++) {
      const code = text.charCodeAt(k);
      if (code > 255) throw new ValueError(`${what}: character ${k} of byte string ${i} is ${code}, beyond a byte`);
      body[i * width + k] = code;
    }
  });
  return [encodeNpyHeader(`|S${width}`, shape), body];
}

/**
 * Writes a .npy file as `numpy.save` does (version 1.0, little endian, row-major). `numpy.load` reads it.
 *
 * @throws ShapeError when the elements do not fill the shape; DTypeError for bfloat16, which NumPy lacks.
 */
export function encodeNpy(array: HostArray): Uint8Array {
  const [header, body] = npyParts(array);
  const bytes = new Uint8Array(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  return bytes;
}
