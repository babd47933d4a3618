/**
 * Factorisations of one small matrix of numbers, row-major, on the host and in double precision. Golub and Van Loan, Matrix
 * Computations, chapters 3 and 4.
 */

/** P·A = L·U in one matrix: U on and above the diagonal, L, whose diagonal is 1, below. */
interface LU {
  readonly factors: Float64Array;
  /** The row of A in each row of P·A. */
  readonly rows: readonly number[];
  /** The determinant of P: 1 or −1. */
  readonly sign: number;
}

/** Gaussian elimination with partial pivoting. A column without a pivot stays unchanged, and U is singular. */
function luOf(matrix: ArrayLike<number>, n: number): LU {
  const factors = Float64Array.from(matrix);
  const rows = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(factors[i * n + k]) > Math.abs(factors[pivot * n + k])) pivot = i;
    if (factors[pivot * n + k] === 0) continue;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        [factors[k * n + j], factors[pivot * n + j]] = [factors[pivot * n + j], factors[k * n + j]];
      }
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      sign = -sign;
    }
    for (let i = k + 1; i < n; i++) {
      factors[i * n + k] /= factors[k * n + k];
      for (let j = k + 1; j < n; j++) factors[i * n + j] -= factors[i * n + k] * factors[k * n + j];
    }
  }
  return { factors, rows, sign };
}

/** The determinant of an n × n matrix; 1 for n = 0. */
export function determinant(matrix: ArrayLike<number>, n: number): number {
  const { factors, sign } = luOf(matrix, n);
  let product = sign;
  for (let k = 0; k < n; k++) product *= factors[k * n + k];
  return product;
}

/** The inverse of an n × n matrix, or null if it is singular. */
export function inverse(matrix: ArrayLike<number>, n: number): Float64Array | null {
  const { factors, rows } = luOf(matrix, n);
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) if (factors[k * n + k] === 0) return null;
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      column[i] = rows[i] === c ? 1 : 0;
      for (let k = 0; k < i; k++) column[i] -= factors[i * n + k] * column[k];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) column[i] -= factors[i * n + k] * column[k];
      column[i] /= factors[i * n + i];
    }
    for (let i = 0; i < n; i++) out[i * n + c] = column[i];
  }
  return out;
}

/** The lower triangular L with L·Lᵀ = A, reading A's lower triangle; null if A is not positive definite. */
export function choleskyFactor(matrix: ArrayLike<number>, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j];
      for (let k = 0; k < j; k++) rest -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = rest / factor[j * n + j];
      else if (rest > 0) factor[i * n + i] = Math.sqrt(rest);
      else return null;
    }
  }
  return factor;
}
