/** Reading JSON with a bounded depth. */
import { expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { parseJson } from '../../src/formats/json.js';

test('brackets in strings do not nest', () => {
  const value = { a: ['[[[[', '"]}', '\\'], b: { c: [] } };
  expect(parseJson('x', JSON.stringify(value), 3)).toEqual(value);
  expect(() => parseJson('x', JSON.stringify(value), 2)).toThrow('x: JSON nested 3 deep, more than limits.depth (2)');
});

test.each(['', '{', '{"a":}', 'NaN', '"\u0001"'])('refuses %j', (text) => {
  expect(() => parseJson('x', text)).toThrow(FormatError);
});

test('a hundred are allowed, one more is not', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(Array.isArray(parseJson('x', nested(100)))).toBe(true);
  expect(() => parseJson('x', nested(101))).toThrow('x: JSON nested 101 deep');
});
