/** Built-in modules: found where a process has them, and asked for in one file alone. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { DeviceError } from '../../src/errors.js';
import { builtin, findBuiltin } from '../../src/platform/builtin.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('gives Node’s own modules', () => {
  expect(builtin('node:path').join).toBe(path.join);
  expect(findBuiltin('node:path')?.join).toBe(path.join);
});

it.each([undefined, {}, { getBuiltinModule: () => undefined }])('finds none in a process like %o', (process) => {
  vi.stubGlobal('process', process);
  const found = findBuiltin('node:fs');
  const ask = () => builtin('node:fs');
  expect(found).toBeUndefined();
  expect(ask).toThrow(DeviceError);
  expect(ask).toThrow("this runtime has no module 'node:fs'");
});

it('is the only door to built-in modules', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.d)\.ts$/.test(name));
  const asking = files.filter(
    (name) => !name.includes('generated') && readFileSync(`src/${name}`, 'utf8').includes('getBuiltinModule'),
  );
  // The second holds the text of a script, which imports nothing.
  expect(asking.sort()).toEqual(['platform/builtin.ts', 'training/parallel/replica-worker.ts']);
});
