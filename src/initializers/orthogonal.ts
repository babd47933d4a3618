import { ValueError } from '../errors.js';
import { type NDArray, random } from '../ndarray/np.js';
import { formatShape } from '../ndarray/shape.js';
import type { DrawOptions } from './fan-scaled.js';
import type { Initializer } from './initializer.js';

/** Options of {@link Orthogonal}. */
export interface OrthogonalOptions extends DrawOptions {
  /** `embedding` needs rows ≥ columns, `projection` rows ≤ columns, `basis` a square; `auto` takes any shape. Default `auto`. */
  mode?: 'auto' | 'embedding' | 'projection' | 'basis';
}

/**
 * A random matrix with orthogonal rows or columns, times scale (Saxe et al., 2014): the array as (shape[0], rest) has
 * W·Wᵀ = scale²·I if it has no more rows than columns, WᵀW = scale²·I otherwise. Follows chainer.initializers.Orthogonal.
 */
export class Orthogonal implements Initializer {
  constructor(
    /** The factor of the orthonormal rows or columns. */
    readonly scale = 1.1,
    /** The source of random numbers, and the mode. */
    readonly options: OrthogonalOptions = {},
  ) {}

  /** @throws ValueError if the shape does not fit the mode. */
  fill(array: NDArray): void {
    const { mode = 'auto', rng = random.defaultState() } = this.options;
    if (array.ndim === 0) {
      array.set([this.scale * (rng.randint(0, 2) === 1 ? 1 : -1)]);
      return;
    }
    if (array.size === 0) throw new ValueError(`Orthogonal: ${formatShape(array.shape)} has no elements`);
    const rows = array.shape[0];
    const columns = array.size / rows;
    const fits = { auto: true, embedding: columns <= rows, projection: columns >= rows, basis: columns === rows }[mode];
    if (!fits) {
      throw new ValueError(
        `Orthogonal: ${formatShape(array.shape)} as a (${rows}, ${columns}) matrix does not fit mode '${mode}'`,
      );
    }
    const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
    // Drawn row by row in either case, as in Chainer, so that a seed gives Chainer's numbers.
    const drawn = rng.normal(0, 1, n * m);
    const q = orthonormalRows(rows <= columns ? drawn : transposed(drawn, rows, columns), n, m);
    const data = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++)
        data[i * columns + j] = this.scale * (rows <= columns ? q[i * m + j] : q[j * m + i]);
    }
    array.set(data);
  }
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  return a.map((_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Gram–Schmidt on the rows of an n × m matrix, n ≤ m, each row projected twice so that rounding does not add up. */
function orthonormalRows(a: Float64Array, n: number, m: number): Float64Array {
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * m, (i + 1) * m);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const other = a.subarray(k * m, (k + 1) * m);
        const dot = row.reduce((sum, v, j) => sum + v * other[j], 0);
        for (let j = 0; j < m; j++) row[j] -= dot * other[j];
      }
    }
    const norm = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    for (let j = 0; j < m; j++) row[j] /= norm;
  }
  return a;
}
