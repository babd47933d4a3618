/** The runner on Node: files from disk, kernels of wasm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GroupResult, runGroup } from './run.js';

/** Runs groups one after another. */
export async function* runInNode(directory: string, groups: readonly string[]): AsyncGenerator<GroupResult> {
  for (const group of groups) {
    yield await runGroup(group, async (path) => new Uint8Array(await readFile(join(directory, path))), 'wasm');
  }
}
