/** Products of integers and booleans, as NumPy computes them. */
import { expect, test } from 'vitest';
import { np } from '../../src/index.js';

test('int32 keeps all 32 bits and wraps', () => {
  const a = np.array([[16777217, 70000]], 'int32');
  const b = np.array([[1], [70000]], 'int32');
  expect(np.matmul(a, b).tolist()).toEqual([[(16777217 + 4900000000) | 0]]);
});

test('uint8 wraps at 256', () => {
  const a = np.array([200, 100, 7], 'uint8');
  const product = np.dot(a, np.array([2, 3, 1], 'uint8'));
  expect([product.dtype, product.tolist()]).toEqual(['uint8', 707 % 256]);
});

test('of bool, whether any pair is true', () => {
  const a = np.array([
    [true, true],
    [false, false],
  ]);
  const product = np.matmul(
    a,
    np.array([
      [true, false],
      [true, false],
    ]),
  );
  expect([product.dtype, product.astype('int32').tolist()]).toEqual([
    'bool',
    [
      [1, 0],
      [0, 0],
    ],
  ]);
});

test('bytes with int32 are int32', () => {
  const product = np.matmul(np.array([[200, 100]], 'uint8'), np.array([[1000], [-1]], 'int32'));
  expect([product.dtype, product.tolist()]).toEqual(['int32', [[199900]]]);
});
