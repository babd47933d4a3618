/** Initializers whose values follow from the shape alone. */
import { ShapeError } from '../errors.js';
import { copyto, NDArray } from '../ndarray/np.js';
import { broadcastsTo, formatShape } from '../ndarray/shape.js';
import type { Initializer } from './initializer.js';

/** Fills with one number, or with the elements of an array; follows chainer.initializers.Constant. */
export class Constant implements Initializer {
  readonly #value: number | NDArray;

  constructor(value: number | NDArray) {
    this.#value = value;
  }

  /** @throws ShapeError if a given array does not broadcast to the parameter's shape. */
  fill(array: NDArray): void {
    if (this.#value instanceof NDArray && !broadcastsTo(this.#value.shape, array.shape)) {
      throw new ShapeError(
        `Constant: an initial value of ${formatShape(this.#value.shape)} does not fit a parameter of ${formatShape(array.shape)}`,
      );
    }
    copyto(array, this.#value);
  }
}

/** Fills with 0; follows chainer.initializers.Zero. */
export class Zero extends Constant {
  constructor() {
    super(0);
  }
}

/** Fills with 1; follows chainer.initializers.One. */
export class One extends Constant {
  constructor() {
    super(1);
  }
}

/** Fills with NaN, which shows elements that are never set; follows chainer.initializers.NaN. */
export class NotANumber extends Constant {
  constructor() {
    super(Number.NaN);
  }
}

/** scale on the diagonal of a square matrix, 0 elsewhere; follows chainer.initializers.Identity. */
export class Identity implements Initializer {
  constructor(
    /** The value on the diagonal. */
    readonly scale = 1,
  ) {}

  /** @throws ShapeError unless the shape is (n, n). */
  fill(array: NDArray): void {
    const [n, m] = array.shape;
    if (array.ndim !== 2 || n !== m)
      throw new ShapeError(`Identity: ${formatShape(array.shape)} is not a square matrix`);
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) data[i * n + i] = this.scale;
    array.set(data);
  }
}
