/** The programs of the guide type-check, and those that need no input run. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { output } from '../package/project.js';

const GUIDE = 'docs/guide';
const folder = resolve('build/guide');

/** The blocks of TypeScript in a page, by the page's name and their number. */
const blocks = readdirSync(GUIDE)
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(GUIDE, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source], i) => ({
      name: `${page.replace('.md', '')}-${i + 1}`,
      source,
    })),
  );

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { name, source } of blocks) writeFileSync(join(folder, `${name}.ts`), `${source}\nexport {};\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('type-checks', { timeout: 120_000 }, async () => {
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts', '../../src/**/*.d.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  expect(await output('node_modules/.bin/tsc', ['--noEmit', '-p', folder])).toBe('');
});

describe('runs', () => {
  it.each(blocks.map(({ name }) => name))('%s', { timeout: 60_000 }, async (name) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await import(join(folder, `${name}.ts`));
    log.mockRestore();
  });
});
