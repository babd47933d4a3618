/** The programs of the guide type-check against the package's own types, under the strictest flags that templates of projects set. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { output } from './project.js';

const folder = resolve('build/guide-types');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('noUncheckedIndexedAccess, exactOptionalPropertyTypes', { timeout: 120_000 }, async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const page of readdirSync('docs/guide')) {
    const blocks = readFileSync(join('docs/guide', page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g);
    for (const [, source] of blocks) writeFileSync(join(folder, `program-${++count}.ts`), `${source}\nexport {};\n`);
  }
  expect(count).toBeGreaterThan(15);
  const compilerOptions = {
    noUnusedLocals: false,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    paths: { rensa: ['../../dist/types/index.d.ts'], 'rensa/inference': ['../../dist/types/inference.d.ts'] },
  };
  const settings = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  expect(await output('node_modules/.bin/tsc', ['--noEmit', '-p', folder])).toBe('');
});
