/** When `npm test` and `npm start` may trust node_modules as it is. */
import { expect, test } from 'vitest';
import { isUpToDate } from '../../scripts/ensure-installed.mjs';

const wanted = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a-darwin': { version: '1.0.0', optional: true },
};

test.each([
  ['all that is wanted, without the other platforms', { 'node_modules/a': { version: '1.0.0' } }, true],
  ['nothing', {}, false],
  ['another version', { 'node_modules/a': { version: '1.0.1' } }, false],
  ['something left over', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } }, false],
])('%s', (_what, installed, expected) => {
  expect(isUpToDate(wanted, installed)).toBe(expected);
});
