/** Sizes given once or per axis: the values that are refused, and the messages. */
import { expect, test } from 'vitest';
import { sizes } from '../../../src/functions/arguments/window-sizes.js';

test('one size counts for all axes, a list for each', () => {
  expect([sizes('f', 'ksize', 3, 2, 1), sizes('f', 'ksize', [1, 2], 2, 1)]).toEqual([
    [3, 3],
    [1, 2],
  ]);
});

test.each<[given: unknown, words: string]>([
  [[1], '[1]'],
  [[1, 0.5], '[1,0.5]'],
  [[1, undefined], '[1,undefined]'],
  [new Array(2 ** 32 - 1), 'an array of 4294967295'],
  ['33', "the text '33'"],
])('sizes %# are refused', (given, words) => {
  expect(() => sizes('f', 'ksize', given as number, 2, 1)).toThrow(
    `f: ksize is ${words}, expected 2 integers of at least 1`,
  );
});
