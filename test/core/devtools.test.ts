/** The custom formatter of DevTools, asked as DevTools do. */
import { expect, test } from 'vitest';
import { installFormatters, L, np, Variable } from '../../src/index.js';

test('shows arrays, variables and links by their text, and leaves all else alone', () => {
  installFormatters();
  installFormatters();
  const formatters = Reflect.get(globalThis, 'devtoolsFormatters');
  expect(formatters).toHaveLength(1);
  const [{ header, hasBody, body }] = formatters;
  const x = np.array([1, 2]);
  for (const value of [x, new Variable(x), new L.Linear(2, 1)]) {
    expect(header(value)).toEqual(['div', { style: expect.any(String) }, String(value)]);
    expect(hasBody(value)).toBe(true);
    expect(body(value)[2]).toEqual(['object', { object: value, config: { raw: true } }]);
    expect(header(value, { raw: true })).toBeNull();
  }
  for (const value of [1, null, undefined, 'a', {}, [x], () => 0]) expect(header(value)).toBeNull();
});
