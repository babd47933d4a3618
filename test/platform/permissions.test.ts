/** Deno's permissions, as a made-up Deno answers. */
import { afterEach, expect, it, vi } from 'vitest';
import { isGranted } from '../../src/platform/permissions.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ['granted', true],
  ['prompt', false],
  ['denied', false],
])('asks Deno: %s', (state, granted) => {
  const querySync = vi.fn(() => ({ state }));
  vi.stubGlobal('Deno', { permissions: { querySync } });
  expect(isGranted({ name: 'env', variable: 'X' })).toBe(granted);
  expect(querySync).toHaveBeenCalledWith({ name: 'env', variable: 'X' });
});

it('grants everything where nobody has to be asked', () => {
  expect(isGranted({ name: 'run' })).toBe(true);
  vi.stubGlobal('Deno', { version: { deno: '2' } });
  expect(isGranted({ name: 'run' })).toBe(true);
});
