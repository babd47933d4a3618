/**
 * Small files that ask for much memory: each throws a FormatError that gives the reason, and a process with a small
 * heap that reads them grows by less than 50 MB. Honest files as large as the limits allow are read.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import type { Outcome } from './hostile-child.js';
import { type HostileFile, honestFiles, hostileFiles } from './hostile-files.js';

const OUT = fileURLToPath(new URL('../../build/hostile-files', import.meta.url));

async function outcomesOf(name: string, files: readonly Pick<HostileFile, 'bytes' | 'read'>[]): Promise<Outcome[]> {
  const list = files.map(({ read, bytes }, i) => {
    const path = `${OUT}/${name}-${i}`;
    writeFileSync(path, bytes);
    return [read, path];
  });
  writeFileSync(`${OUT}/${name}.json`, JSON.stringify(list));
  const args = ['--expose-gc', '--max-old-space-size=96', `${OUT}/child.mjs`, `${OUT}/${name}.json`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL('hostile-child.ts', import.meta.url))],
    outfile: `${OUT}/child.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
});

test('hostile files are refused, in less than 50 MB', { timeout: 120_000 }, async () => {
  const files = hostileFiles();
  const outcomes = await outcomesOf('hostile', files);
  for (const [i, { name, bytes, message }] of files.entries()) {
    const { error, held } = outcomes[i];
    expect(bytes.length, name).toBeLessThan(1e6);
    expect(error, name).toMatchObject({ name: 'FormatError', message: expect.stringMatching(message) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(error?.message, name).not.toMatch(/[\u0000-\u001f]/);
    expect(error?.message.length, name).toBeLessThan(600);
    expect(held, name).toBeLessThan(1e6);
  }
  if (process.env.RENSA_REPORT) {
    for (const [i, { name }] of files.entries()) {
      const { milliseconds, grown } = outcomes[i];
      console.info(`${milliseconds.toFixed(0).padStart(6)} ms, ${(grown / 1e6).toFixed(1)} MB: ${name}`);
    }
  }
  for (const [i, { name }] of files.entries()) expect(outcomes[i].grown, name).toBeLessThan(50e6);
});

test('honest ones are read, in the memory of their pixels and little more', { timeout: 120_000 }, async () => {
  const files = honestFiles();
  for (const [i, { name, pixels }] of files.entries()) {
    const most = pixels + 50e6;
    let [{ error, grown }] = await outcomesOf(`honest-${i}`, [files[i]]);
    // On a busy machine the collector runs late, which only makes a process larger: ask a second process.
    if (grown >= most) [{ error, grown }] = await outcomesOf(`honest-${i}`, [files[i]]);
    expect(error, name).toBeNull();
    expect(grown, name).toBeLessThan(most);
  }
});
