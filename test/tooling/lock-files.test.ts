/** Lock files name versions and checksums, not the registry of the person who wrote them: anyone's registry serves. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const lockFiles = execFileSync('git', ['ls-files', '*package-lock.json', '*npm-shrinkwrap.json'], { cwd: root })
  .toString()
  .split('\n')
  .filter(Boolean);

test('there are lock files to check', () => expect(lockFiles).toContain('package-lock.json'));

test.each(lockFiles)('%s records no download addresses', (file) => {
  const addresses = readFileSync(new URL(file, root), 'utf8').match(/"resolved": *"https?:[^"]*"/g);
  expect(addresses).toBeNull();
});
