/** What `npm run lint` asks of knip, on a planted checkout: files, exports and packages that nothing uses are found. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'rensa-unused-'));
  cpSync('scripts/lint/knip.jsonc', join(checkout, 'scripts/lint/knip.jsonc'));
});

afterEach(() => rmSync(checkout, { recursive: true }));

/** What knip says of a checkout with these files: "kind file: name". */
function findings(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(process.cwd(), 'node_modules/knip/bin/knip.js'), '--config', 'scripts/lint/knip.jsonc', '--reporter', 'json'],
    { cwd: checkout, encoding: 'utf8' },
  );
  if (!stdout) throw new Error(stderr);
  const { issues }: { issues: ({ file: string } & Record<string, { name: string }[]>)[] } = JSON.parse(stdout);
  return issues
    .flatMap(({ file, ...kinds }) =>
      Object.entries(kinds).flatMap(([kind, found]) => found.map(({ name }) => `${kind} ${file}: ${name}`)),
    )
    .sort();
}

const PACKAGE = { name: 'rensa', type: 'module', dependencies: { used: '1.0.0' } };

const CLEAN = {
  'package.json': JSON.stringify(PACKAGE),
  'src/index.ts': `export { twice } from './twice.js';`,
  'src/twice.ts': `import { two } from 'used';\nexport const twice = (x: number) => two * x;`,
};

test('a checkout without any passes', () => expect(findings(CLEAN)).toEqual([]));

test('an unused file', () => {
  expect(findings({ ...CLEAN, 'src/alone.ts': 'export const alone = 1;' })).toEqual([
    'files src/alone.ts: src/alone.ts',
  ]);
});

test('an unused export, also of a type and of one that its own file uses', () => {
  const more = `\nexport interface Unused {}\nexport const half = 0.5;\nexport const quarter = half / 2;`;
  expect(findings({ ...CLEAN, 'src/twice.ts': CLEAN['src/twice.ts'] + more })).toEqual([
    'exports src/twice.ts: half',
    'exports src/twice.ts: quarter',
    'types src/twice.ts: Unused',
  ]);
});

test('an unused package and one that is not declared', () => {
  const dependencies = { ...PACKAGE.dependencies, idle: '1.0.0' };
  const files = {
    ...CLEAN,
    'package.json': JSON.stringify({ ...PACKAGE, dependencies }),
    'src/index.ts': `import 'undeclared';\nexport { twice } from './twice.js';`,
    'bench/package.json': JSON.stringify({ name: 'rensa-bench', dependencies: { idle: '1.0.0' } }),
  };
  expect(findings(files)).toEqual([
    'dependencies bench/package.json: idle',
    'dependencies package.json: idle',
    'unlisted src/index.ts: undeclared',
  ]);
});
