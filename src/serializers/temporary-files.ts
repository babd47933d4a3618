/**
 * Names of temporary files: `.NAME.HOST-PID-START-RANDOM.tmp`, beside the file NAME that they will become. The name
 * identifies the writing process, so the next save of NAME can remove the files of a killed process.
 */

import { md5 } from '../formats/md5.js';
import { builtin } from '../platform/builtin.js';
import { fateOf, uniqueWord } from './process-identity.js';

/** Systems allow names of 255 bytes. */
const LONGEST_STEM = 180;

/** Age in milliseconds at which a file counts as old if its process cannot be checked: no write takes a day. */
const OLD = 24 * 60 * 60 * 1000;

/** The first part of the names of a file's temporary files: the file's own name, or its checksum if it is long. */
function stemOf(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return `.${bytes.length <= LONGEST_STEM ? name : md5(bytes)}.`;
}

/** A new name for a temporary file of the file `name`. */
export function temporaryName(name: string): string {
  return `${stemOf(name)}${uniqueWord()}.tmp`;
}

/** The process that owns a temporary file of `name`; null for other files. */
function writerOf(file: string, name: string): string | null {
  const stem = stemOf(name);
  if (!file.startsWith(stem)) return null;
  return /^(\w+-\d+-\w+)-\w+\.tmp$/.exec(file.slice(stem.length))?.[1] ?? null;
}

/**
 * Removes the temporary files of `name` whose processes have ended. Failures are ignored: they must not stop the save,
 * which will report any trouble with the folder.
 */
export async function removeLeftovers(directory: string, name: string): Promise<void> {
  const { readdir, stat, rm } = builtin('node:fs/promises');
  const { join } = builtin('node:path');
  for (const file of await readdir(directory).catch(() => [])) {
    const writer = writerOf(file, name);
    if (writer === null) continue;
    const path = join(directory, file);
    const fate = fateOf(writer);
    const isLeft =
      fate === 'dead' ||
      (fate === 'unknown' && Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0) > OLD);
    if (isLeft) await rm(path, { force: true }).catch(() => {});
  }
}
