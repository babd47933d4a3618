/** Checks of options, and values in words. */
import { expect, test } from 'vitest';
import { L } from '../src/index.js';
import { checkOptions, inWords } from '../src/options.js';

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [3, '3'],
  [Number.NaN, 'NaN'],
  [5n, '5'],
  ['abc', "the text 'abc'"],
  [Symbol('s'), 'Symbol(s)'],
  [[1, 2], 'an array of 2'],
  [{ pad: 1, stride: 2 }, 'an object { pad, stride }'],
  [Object.create(null), 'an object {  }'],
  [Promise.resolve(), 'a Promise'],
  [new Uint8Array(2), 'a Uint8Array'],
  [Math.max, 'the function max'],
  [class Layer {}, 'the function Layer'],
  [() => 1, 'the function '],
  [new L.Linear(2, 2), 'a Linear'],
])('%o in words', (value, words) => {
  expect(inWords(value)).toBe(words);
});

test('an option that does not exist is refused with those that do', () => {
  const known = { alpha: 1, beta: 2 };
  expect(() => checkOptions('f', { alpha: 3 }, known)).not.toThrow();
  expect(() => checkOptions('f', { alhpa: 3 } as object, known)).toThrow(
    new TypeError("f: no option 'alhpa'; there are alpha, beta"),
  );
  expect(() => checkOptions('f', { toString: 3 } as object, known)).toThrow(TypeError);
  expect(() => checkOptions('f', null as unknown as object, known)).toThrow(
    new TypeError('f: options are null, expected an object'),
  );
  expect(() => checkOptions('f', 3 as unknown as object, known)).toThrow(TypeError);
});
