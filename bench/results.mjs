/** The stored measurements: one JSON file per runtime, in which each entry has its own date and machine. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const FOLDER = new URL('./results/', import.meta.url);

/** @typedef {{ title: string, date: string, machine: object, results: object[] }} KeptEntry */
/** @typedef {{ runtime: string, entries: Record<string, KeptEntry> }} Kept */

/** Writes a file atomically. */
export function writeWhole(name, text) {
  mkdirSync(FOLDER, { recursive: true });
  const file = new URL(name, FOLDER);
  const temporary = new URL(`${file.href}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/**
 * The results of a runtime; an empty object if it has not run yet.
 * @returns {Kept}
 */
function read(runtime) {
  try {
    return JSON.parse(readFileSync(new URL(`${runtime}.json`, FOLDER), 'utf8'));
  } catch {
    return { runtime, entries: {} };
  }
}

/** Replaces the results of one entry. Those of other entries stay. */
export function keep({ name, version }, entry, title, peaks, results) {
  const kept = read(name);
  const machine = { runtime: version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, ...peaks };
  kept.entries[entry] = { title, date: new Date().toISOString(), machine, results };
  writeWhole(`${name}.json`, `${JSON.stringify(kept, null, 2)}\n`);
}

/** The results of all runtimes that have run.
 * @returns {Kept[]} */
export function allKept() {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => read(file.slice(0, -'.json'.length)));
}
