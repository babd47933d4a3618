/** Examples of one shape, one after another in a host array, as image sets are kept. */

import { ShapeError } from '../errors.js';
import { hostArray } from '../ndarray/dtype.js';
import { fromHost } from '../ndarray/ndarray.js';
import { type DType, isFloating, type NDArray, type TypedArray } from '../ndarray/np.js';
import { formatShape, type Shape, sizeOf } from '../ndarray/shape.js';
import { checkOptions } from '../options.js';
import { Described, made } from '../printing.js';
import { type Dataset, placeOf } from './dataset.js';

/** Options of {@link ArrayDataset}. */
export interface ArrayDatasetOptions {
  /** The examples' dtype. Default `float32`. */
  dtype?: DType;
  /** The factor of the elements of an example. Default 1. */
  scale?: number;
}

/**
 * A dataset of arrays of one shape, which it cuts out of a host array on demand. So images can stay bytes, a quarter of the size of
 * float32, and become scaled numbers batch by batch.
 */
export class ArrayDataset extends Described implements Dataset<NDArray> {
  readonly #data: TypedArray;
  readonly #size: number;
  readonly #dtype: DType;
  readonly #scale: number;
  /** The buffer of a batch. The device copies from it at once, so later batches use it again. */
  #staging: TypedArray;
  /** The shape of one example. */
  readonly shape: Shape;
  readonly length: number;

  /**
   * @param shape the shape of one example
   * @throws ShapeError if the data is not a whole number of examples
   */
  constructor(data: TypedArray, shape: Shape, options: ArrayDatasetOptions = {}) {
    super();
    checkOptions('ArrayDataset', options, { dtype: null, scale: 1 });
    const { dtype = 'float32', scale = 1 } = options;
    this.#data = data;
    this.#size = sizeOf(shape);
    this.#dtype = dtype;
    this.#scale = isFloating(dtype) ? Math.fround(scale) : scale;
    this.#staging = hostArray(dtype, 0);
    this.shape = shape;
    this.length = data.length / this.#size;
    if (!Number.isInteger(this.length)) {
      throw new ShapeError(
        `ArrayDataset: ${data.length} elements are not a whole number of examples ${formatShape(shape)}`,
      );
    }
  }

  get(i: number): NDArray {
    const out = hostArray(this.#dtype, this.#size);
    this.#cut(placeOf('get', i, this.length), out, 0);
    return fromHost(out, this.shape, this.#dtype);
  }

  getBatch(indices: Int32Array): NDArray {
    const size = indices.length * this.#size;
    if (this.#staging.length !== size) this.#staging = hostArray(this.#dtype, size);
    for (let k = 0; k < indices.length; k++) this.#cut(indices[k], this.#staging, k * this.#size);
    return fromHost(this.#staging, [indices.length, ...this.shape], this.#dtype);
  }

  /** Writes example `i` to `out`, at index `at`. */
  #cut(i: number, out: TypedArray, at: number): void {
    const data = this.#data;
    const scale = this.#scale;
    const from = i * this.#size;
    if (scale === 1) out.set(data.subarray(from, from + this.#size), at);
    else for (let k = 0; k < this.#size; k++) out[at + k] = data[from + k] * scale;
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length, dtype: this.#dtype };
  }
}
