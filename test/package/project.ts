/**
 * The package as users get it: the tarball of dist/, installed in an empty project beside the programs of programs/.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const execute = promisify(execFile);

/** The output of a program. @throws its output as an error, if it fails. */
export async function output(command: string, args: readonly string[], cwd = '.', env: NodeJS.ProcessEnv = {}) {
  const { stdout } = await execute(command, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  return stdout;
}

/** The tarball: its path, and the paths in it. `npm test` has built its contents. */
export interface Tarball {
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs the package into a folder of its own. */
export async function pack(): Promise<Tarball> {
  // Outside of the checkout, whose tsconfig.json would tell bundlers that `rensa` is its sources.
  const directory = mkdtempSync(join(tmpdir(), 'package-'));
  const [{ filename, files }] = JSON.parse(await output('npm', ['pack', '--json', '--pack-destination', directory]));
  return { path: join(directory, filename), files };
}

/** Installs a tarball in an empty project, beside the programs. Returns the project's folder. */
export async function install({ path }: Tarball): Promise<string> {
  const project = join(dirname(path), 'project');
  cpSync('test/package/programs', project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }\n');
  await output('npm', ['install', path, '--prefer-offline', '--no-audit', '--no-fund'], project);
  return project;
}

/** Removes a tarball and the project made of it. */
export function remove({ path }: Tarball): void {
  rmSync(dirname(path), { recursive: true, force: true });
}

/**
 * Whether the result of `learn()` shows that LeNet5 learned. Oracle: the labels, and ln 10, the first loss of ten
 * classes.
 */
export function expectLearned(text: string): void {
  const { labels, answers, compiled, sums, first, last, weights, picture } = JSON.parse(text);
  expect(Math.abs(first - Math.log(10))).toBeLessThan(0.3);
  expect(last).toBeLessThan(0.1);
  expect(answers).toEqual(labels);
  expect(compiled).toEqual(labels);
  for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  expect(weights).toMatchObject({ 'conv1/W': [6, 1, 5, 5], 'conv3/b': [120], 'fc5/W': [10, 84] });
  expect(picture).toEqual({ width: 8, height: 8, channels: 1, data: Array(64).fill(200) });
}
