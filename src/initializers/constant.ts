/** Initializers whose values follow from the shape alone. */
import { ShapeError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import { formatShape } from '../ndarray/shape.js';
import { Constant, type Initializer } from './initializer.js';

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

/** Fills with NaN, so that what is never set shows; follows chainer.initializers.NaN. */
export class NotANumber extends Constant {
  constructor() {
    super(Number.NaN);
  }
}

/** scale on the diagonal of a square matrix, 0 elsewhere; follows chainer.initializers.Identity. */
export class Identity implements Initializer {
  constructor(
    /** What is on the diagonal. */
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
