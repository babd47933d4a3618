/** The `npz_io` group: files that NumPy and zip tools wrote, and the values in them. */
import type { HostArray } from '../../src/formats/host-array.js';
import { parseNpy } from '../../src/formats/npy.js';
import { NpzFile } from '../../src/formats/npz.js';
import { asListed, type ListedArray } from '../support/listed-values.js';
import { compareJson } from './compare.js';
import type { Case, Group } from './group.js';

interface NpyCase extends Case, ListedArray {
  readonly file: string;
}

interface NpzCase extends Case {
  readonly file: string;
  readonly members: Readonly<Record<string, ListedArray>>;
  readonly object_members?: readonly string[];
}

function compareListed(what: string, array: HostArray, { shape, values }: ListedArray): void {
  compareJson(`${what}.shape`, array.shape, shape);
  compareJson(what, asListed(array), values);
}

/** Runs one case. */
export async function runNpzIo(group: Group, testCase: Case): Promise<void> {
  if (testCase.op === 'npy') {
    const npyCase = testCase as NpyCase;
    compareListed('array', parseNpy(await group.file(npyCase.file)), npyCase);
    return;
  }
  const { file, members, object_members: nones = [] } = testCase as NpzCase;
  const npz = new NpzFile(await group.file(file));
  compareJson('keys', npz.keys().sort(), [...Object.keys(members), ...nones].sort());
  for (const [key, listed] of Object.entries(members)) compareListed(key, npz.get(key), listed);
  for (const key of nones) compareJson(key, npz.get(key).data, null);
}
