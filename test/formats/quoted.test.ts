/** How messages quote values that come from files. */
import { expect, test } from 'vitest';
import { quoted } from '../../src/formats/quoted.js';

test.each<[unknown, string]>([
  ['conv1/W', "'conv1/W'"],
  ['あ😀', "'あ😀'"],
  ['a\u001b[31m\n\u202eb', "'a\\u{1b}[31m\\u{a}\\u{202e}b'"],
  ['\ud800', "'\\u{d800}'"],
  [3, '3'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1, -2], '[1, -2]'],
  [[1, 2, 3, 4, 5], 'a list of 5'],
  [['x'], 'a list of 1'],
  [{ constructor: { name: 'x'.repeat(1000) } }, 'an object'],
])('%j → %s', (value, text) => {
  expect(quoted(value)).toBe(text);
});

test('long texts are cut', () => {
  expect(quoted('x'.repeat(1000))).toBe(`'${'x'.repeat(80)}…'`);
  expect(quoted('\u0000'.repeat(1000)).length).toBeLessThan(500);
});
