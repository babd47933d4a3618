/** Numbers of logs as JSON: as Python writes them, and malformed ones. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { fromPythonJson, toPythonJson } from '../../src/training/numbers-as-json.js';

test('words of Python are numbers, null is NaN', () => {
  expect(fromPythonJson('[{"a": NaN, "b": [-Infinity, Infinity, 1]}, null]')).toEqual([
    { a: Number.NaN, b: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1] },
    Number.NaN,
  ]);
  expect(toPythonJson([Number.NaN, { c: Number.NEGATIVE_INFINITY }])).toBe('[NaN,{"c":-Infinity}]');
});

describe('refuses', () => {
  test.each([
    ['text that is not JSON', '[1,', /a log: not JSON/],
    ['what is nested without end', '['.repeat(200_000) + ']'.repeat(200_000), /nested 200000 deep/],
  ])('%s', (_, text, message) => {
    expect(() => fromPythonJson(text)).toThrow(FormatError);
    expect(() => fromPythonJson(text)).toThrow(message);
  });

  test('names of members of objects', () => {
    expect(fromPythonJson('["\\u0000constructor", {"__proto__": {"x": 1}}]')).toEqual([
      '\u0000constructor',
      JSON.parse('{"__proto__": {"x": 1}}'),
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
