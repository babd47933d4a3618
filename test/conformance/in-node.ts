/** The runner on Node: files from disk, kernels of wasm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InitOptions, init } from 'rensa';
import { type GroupResult, runGroup } from './run.js';

/** Runs groups one after another, with options of the device. */
export async function* runInNode(
  directory: string,
  groups: readonly string[],
  options: InitOptions = {},
): AsyncGenerator<GroupResult> {
  await init(options);
  for (const group of groups) {
    yield await runGroup(group, async (path) => new Uint8Array(await readFile(join(directory, path))), 'wasm');
  }
}
