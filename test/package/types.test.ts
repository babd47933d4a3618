/** The declarations in the tarball, as publint and attw judge them. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { output, pack, remove, type Tarball } from './project.js';

vi.setConfig({ testTimeout: 120_000 });

const bin = (name: string) => resolve('node_modules/.bin', name);

let tarball: Tarball;

beforeAll(async () => {
  tarball = await pack();
}, 60_000);

afterAll(() => remove(tarball));

test('publint has no findings, not even advice', async () => {
  expect(await output(bin('publint'), ['run', tarball.path, '--strict'])).toContain('All good!');
});

/**
 * The profile `esm-only` ignores two ways of resolving: `node10`, which knows no `exports`, and `require` from CommonJS under
 * TypeScript's `node16`, which holds that a module of ES cannot be required. Node does it since 20.19, the oldest that runs
 * this package; TypeScript says so too under `nodenext`.
 */
test('attw resolves every entry to its declarations', async () => {
  const args = [tarball.path, '--profile', 'esm-only', '--exclude-entrypoints', './package.json', '--format', 'json'];
  const { problems, analysis } = JSON.parse(await output(bin('attw'), args));
  expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(['.', './inference', './training']));
  const kinds = Object.keys(problems ?? {});
  // The profile ignores these two kinds.
  expect(kinds.filter((kind) => !['NoResolution', 'CJSResolvesToESM'].includes(kind))).toEqual([]);
  for (const [name, entry] of Object.entries<{ resolutions: Record<string, { resolution?: { fileName: string } }> }>(
    analysis.entrypoints,
  )) {
    if (name.includes('*')) continue;
    for (const way of ['node16-esm', 'bundler']) {
      expect(entry.resolutions[way].resolution?.fileName, `${name} by ${way}`).toMatch(/\.d\.ts$/);
    }
  }
});
