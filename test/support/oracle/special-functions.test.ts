/** The oracle's own functions against published values (Abramowitz & Stegun, tables 7.1 and 7.2; C99, annex F). */
import { expect, test } from 'vitest';
import { erf, erfc, mod, pow, rint } from './special-functions.js';

test.each([
  [0, 0],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [-1, -0.8427007929497149],
  [Number.POSITIVE_INFINITY, 1],
])('erf(%d)', (x, expected) => expect(erf(x)).toBeCloseTo(expected, 14));

test.each([
  [0.5, 0.4795001221869535],
  [3, 2.209049699858544e-5],
  [5, 1.5374597944280349e-12],
  [-3, 1.9999779095030015],
])('erfc(%d) to 13 digits', (x, expected) => expect(erfc(x) / expected).toBeCloseTo(1, 13));

test('rint rounds halves to even', () => {
  expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6].map(rint)).toEqual([-2, -2, 0, 0, 2, 2, 2, -3]);
});

test('mod has the sign of the divisor', () => {
  expect([mod(7, 3), mod(-7, 3), mod(7, -3), mod(-7, -3), mod(6, -3)]).toEqual([1, 2, -2, -1, 0]);
});

test('pow at 1 and −1 follows C', () => {
  expect([pow(1, Number.NaN), pow(1, Number.POSITIVE_INFINITY), pow(-1, Number.NEGATIVE_INFINITY)]).toEqual([1, 1, 1]);
});
