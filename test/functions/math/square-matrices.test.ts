/** Functions of square matrices: determinants and inverses. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { type CaseInput, checkFunction } from '../../support/function-harness.js';

/** Two matrices that are far from singular and need their rows exchanged. */
const PAIR = [0, 2, 1, 3, -1, 0.5, -1, 0.25, 4, 1, 0.5, -2, 3, 0, 1, 0.5, 2, 2];
const matrix: CaseInput = { shape: [3, 3], values: PAIR.slice(0, 9) };
const batch: CaseInput = { shape: [2, 3, 3], values: PAIR };

/** Leibniz' formula for 3 × 3. */
const det3 = ([a, b, c, d, e, f, g, h, i]: ArrayLike<number> & Iterable<number>) =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);

/** The inverse by Cramer's rule: every element of the adjugate is a determinant. */
function inverse3(m: Float64Array): Float64Array {
  return Float64Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    const replaced = m.map((v, k) => (k % 3 === row ? (Math.floor(k / 3) === column ? 1 : 0) : v));
    return det3(replaced) / det3(m);
  });
}

const halves = (values: Float64Array) => [values.slice(0, 9), values.slice(9)];

checkFunction({
  name: 'inv',
  fn: F.inv,
  inputs: [matrix],
  forward: ({ shape, values }) => ({ shape, values: inverse3(values) }),
});
checkFunction({
  name: 'batchInv',
  fn: F.batchInv,
  inputs: [batch],
  forward: ({ shape, values }) => ({
    shape,
    values: Float64Array.from(halves(values).flatMap((m) => [...inverse3(m)])),
  }),
});
checkFunction({
  name: 'det',
  fn: F.det,
  inputs: [matrix],
  forward: ({ values }) => ({ shape: [], values: Float64Array.of(det3(values)) }),
});
checkFunction({
  name: 'batchDet',
  fn: F.batchDet,
  inputs: [batch],
  forward: ({ values }) => ({ shape: [2], values: Float64Array.from(halves(values), det3) }),
});

describe('cholesky', () => {
  // The gradient is meant for symmetric matrices, so the function is checked behind A·Aᵀ.
  checkFunction({
    name: 'of A·Aᵀ',
    fn: (a) => F.cholesky(F.matmul(a, a, false, true)),
    inputs: [matrix],
  });

  it('gives a lower triangle whose square is the matrix', () => {
    const a = np.array([
      [4, 2, 0],
      [2, 5, -2],
      [0, -2, 2],
    ]);
    const factor = F.cholesky(a);
    expect(factor.tolist()).toEqual([
      [2, 0, 0],
      [1, 2, 0],
      [0, -1, 1],
    ]);
  });

  it('refuses matrices that are not positive definite', () => {
    expect(() =>
      F.cholesky(
        np.array([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(ValueError);
  });
});

it('sizes 0 and 1', () => {
  expect(F.inv(np.array([[4]])).tolist()).toEqual([[0.25]]);
  expect(F.det(np.array([[4]])).item()).toBe(4);
  expect(F.det(np.zeros([0, 0])).item()).toBe(1);
  expect(F.inv(np.zeros([0, 0])).shape).toEqual([0, 0]);
  expect(F.batchDet(np.zeros([0, 3, 3])).shape).toEqual([0]);
});

it('a singular matrix has a determinant, but no inverse and no gradient', () => {
  const a = new Variable(
    np.array([
      [1, 2],
      [2, 4],
    ]),
  );
  const y = F.det(a);
  expect(y.item()).toBeCloseTo(0, 12);
  expect(() => F.inv(a)).toThrow(ValueError);
  expect(() => y.backward()).toThrow(ValueError);
  expect(() => F.batchInv(np.zeros([2, 2, 2]))).toThrow(/matrix 0 is singular/);
});

it('refuses matrices that are not square or not floating', () => {
  for (const fn of [F.inv, F.det, F.cholesky]) {
    expect(() => fn(np.ones([2, 3]))).toThrow(ShapeError);
    expect(() => fn(np.ones([1, 2, 2]))).toThrow(ShapeError);
    expect(() => fn(np.ones([2, 2], 'int32'))).toThrow(DTypeError);
  }
  for (const fn of [F.batchInv, F.batchDet]) {
    expect(() => fn(np.ones([2, 2]))).toThrow(ShapeError);
    expect(() => fn(np.ones([2, 2, 3]))).toThrow(ShapeError);
  }
});
