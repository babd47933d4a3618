/** Documents name files that exist. Oracle: the files of the checkout. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => existsSync(path));
const documents = files.filter((path) => path.endsWith('.md') && !path.startsWith('test/'));

const FILE = /^[\w./-]+\.(?:ts|mjs|grit|jsonc)$/;
const FOLDER = /^[\w.-]+(?:\/[\w.-]+)+\/$/;

/** Paths and names of sources in code spans and drawings: `src/core/link.ts`, `core/link.ts`, `link.ts`, `src/core/`. */
function namesIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  const drawings = [...text.matchAll(/```mermaid\n([\s\S]*?)```/g)].flatMap(([, drawing]) =>
    drawing.split(/[\s,:"<>]+/),
  );
  return [
    ...spans.filter((name) => FILE.test(name) || FOLDER.test(name)),
    ...drawings.filter((name) => FILE.test(name)),
  ];
}

/** Whether a document's name is that of a file or folder: from the root, from the document, or the end of one path. */
function exists(name: string, document: string): boolean {
  if (/generated\/|^dist\//.test(name)) return true; // written by the build
  if (existsSync(name) || existsSync(posix.join(posix.dirname(document), name))) return true;
  return name.endsWith('/')
    ? files.some((path) => path.includes(`/${name}`))
    : files.some((path) => path === name || path.endsWith(`/${name}`));
}

it('finds names', () => {
  expect(namesIn('see `src/core/link.ts`, `a.b` and `src/core/`')).toEqual(['src/core/link.ts', 'src/core/']);
  expect(namesIn('```mermaid\nx["F<br/>core/link.ts: runs"] --> y\n```')).toEqual(['core/link.ts']);
  expect(exists('core/no-such-file.ts', 'docs/architecture.md')).toBe(false);
});

it.each(documents)('%s', (document) => {
  const missing = namesIn(readFileSync(document, 'utf8')).filter((name) => !exists(name, document));
  expect([...new Set(missing)]).toEqual([]);
});

it.each(documents)('links of %s', (document) => {
  const targets = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)].map(
    ([, target]) => target,
  );
  expect(targets.filter((target) => !existsSync(posix.join(posix.dirname(document), target)))).toEqual([]);
});
