/** What fills a new parameter: the interface, and how users may write it. */
import { ShapeError } from '../errors.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { array, copyto, NDArray, type Nested, type TypedArray } from '../ndarray/np.js';
import { broadcastsTo, formatShape } from '../ndarray/shape.js';
import { inWords } from '../options.js';
import { LeCunNormal } from './normal.js';

/** Fills arrays with initial values; follows chainer.initializer.Initializer. */
export interface Initializer {
  /** Sets every element of `array`, whose shape is that of the parameter. */
  fill(array: NDArray): void;
}

/** A number, an array or a list of that value, an initializer, a function that fills an array, or null: LeCunNormal. */
export type InitializerLike =
  | Initializer
  | NDArray
  | TypedArray
  | number
  | readonly Nested<number>[]
  | ((array: NDArray) => void)
  | null;

/** Fills with one number, or with the elements of an array; follows chainer.initializers.Constant. */
export class Constant implements Initializer {
  readonly #value: number | NDArray;

  constructor(value: number | NDArray) {
    this.#value = value;
  }

  /** @throws ShapeError if an array given does not broadcast to the parameter's shape. */
  fill(array: NDArray): void {
    if (this.#value instanceof NDArray && !broadcastsTo(this.#value.shape, array.shape)) {
      throw new ShapeError(
        `Constant: an initial value of ${formatShape(this.#value.shape)} does not fit a parameter of ${formatShape(array.shape)}`,
      );
    }
    copyto(array, this.#value);
  }
}

/** The initializer that a value means; follows chainer.initializers._get_initializer. */
export function toInitializer(value: InitializerLike): Initializer {
  if (value === null || value === undefined) return new LeCunNormal();
  value = ofThisCopy('initializer', value);
  if (typeof value === 'number' || value instanceof NDArray) return new Constant(value);
  if (typeof value === 'function') return { fill: value };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return new Constant(array(value));
  if (typeof value === 'object' && 'fill' in value && typeof value.fill === 'function') return value;
  throw new TypeError(
    `initializer: ${inWords(value)} is none; expected a number, an array, null or one of initializers`,
  );
}
