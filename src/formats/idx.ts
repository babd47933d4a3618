/**
 * Reads the IDX format of MNIST (LeCun, Cortes, Burges: "The MNIST database of handwritten digits"): two zero bytes, a
 * type, the number of dimensions, their sizes, the elements; all big endian, row-major.
 */
import { FormatError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { beginningOf } from './beginning.js';
import { decodeElements, WIDTHS } from './elements.js';
import { gunzip, isGzip } from './gzip.js';
import type { HostArrayOf, NumericDType } from './host-array.js';
import type { Limits } from './limits.js';

const TYPES: ReadonlyMap<number, NumericDType> = new Map<number, NumericDType>([
  [0x08, 'uint8'],
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
]);

/**
 * Reads an IDX file, gzipped or not.
 *
 * @param what names the file in errors.
 * @param limits on the contents of a gzipped file: see {@link gunzip}.
 * @throws FormatError when the bytes are not an IDX file, when its sizes and its length disagree, or beyond a limit.
 */
export function parseIdx(bytes: Uint8Array, what = 'idx', limits: Limits = {}): HostArrayOf<NumericDType> {
  const idx = isGzip(bytes) ? gunzip(bytes, what, limits) : bytes;
  const dtype = TYPES.get(idx[2]);
  if (idx.length < 4 || idx[0] !== 0 || idx[1] !== 0 || dtype === undefined) {
    throw new FormatError(`${what}: not an IDX file: it ${beginningOf(idx)}`);
  }
  const ndim = idx[3];
  const dataOffset = 4 + 4 * ndim;
  if (dataOffset > idx.length) {
    throw new FormatError(`${what}: ${ndim} sizes do not fit in a file of ${idx.length} bytes`);
  }
  const view = new DataView(idx.buffer, idx.byteOffset, idx.byteLength);
  const shape = Array.from({ length: ndim }, (_, k) => view.getUint32(4 + 4 * k));
  const needed = sizeOf(shape) * WIDTHS[dtype];
  const body = idx.subarray(dataOffset);
  if (needed !== body.length) {
    throw new FormatError(
      `${what}: ${formatShape(shape)} of ${dtype} takes ${needed} bytes, but ${body.length} follow the header`,
    );
  }
  return decodeElements(dtype, shape, body, false);
}
