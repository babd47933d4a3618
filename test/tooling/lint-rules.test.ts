/** The rules of Biome that this project adds to the recommended ones, on planted violations. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A checkout that holds only the configuration and what a test plants. */
let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'rensa-lint-'));
  for (const path of ['biome.json', 'scripts/lint']) cpSync(path, join(checkout, path), { recursive: true });
});

afterAll(() => rmSync(checkout, { recursive: true }));

interface Finding {
  category: string;
  location: { path: string; start: { line: number } };
}

/** What Biome finds in a file with these lines: "line rule". */
function findings(path: string, ...lines: string[]): string[] {
  const file = join(checkout, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, lines.join('\n'));
  const biome = join(process.cwd(), 'node_modules/.bin/biome');
  const { stdout, stderr } = spawnSync(biome, ['lint', '--reporter=json', path], {
    cwd: checkout,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (!stdout) throw new Error(stderr);
  const { diagnostics }: { diagnostics: Finding[] } = JSON.parse(stdout);
  return diagnostics.map(({ category, location }) => `${location.start.line} ${category}`);
}

const ERRORS = [
  `export const bare = () => { throw new Error('why'); };`,
  `export const called = () => Error();`,
  `export const rejected = () => Promise.reject(new Error('why', { cause: 1 }));`,
  `export class ShapeError extends Error {}`,
  `export const typed = () => { throw new ShapeError('why'); };`,
  `export const argument = () => { throw new TypeError('why'); };`,
  `export const isError = (error: unknown) => error instanceof Error;`,
];

test('src/ makes no bare Error', () => {
  expect(findings('src/planted.ts', ...ERRORS)).toEqual(['1 plugin', '2 plugin', '3 plugin']);
});

test('tests and scripts may throw one', () => {
  expect(findings('test/planted.ts', ...ERRORS)).toEqual([]);
  expect(findings('scripts/planted.mjs', ERRORS[0])).toEqual([]);
});

test('nothing but errors is thrown', () => {
  expect(findings('src/planted.ts', `export const text = () => { throw 'why'; };`)).toEqual([
    '1 lint/style/useThrowOnlyError',
  ]);
});

test.each(['src/planted.ts', 'test/planted.ts', 'examples/planted.ts'])(
  '%s claims of no value that it is there',
  (path) => {
    expect(findings(path, 'export const length = (list: number[] | null) => list!.length;')).toEqual([
      '1 lint/style/noNonNullAssertion',
    ]);
  },
);
