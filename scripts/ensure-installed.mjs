// @ts-check
/**
 * Makes node_modules agree with package-lock.json, so that `npm test` and `npm start` work on a fresh clone. Compares
 * contents rather than times, because npm writes both files at every install. Only Node's own modules.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { root, run } from './stages.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean }} LockEntry
 * @typedef {Record<string, LockEntry>} LockPackages the `packages` of a lock file, by path
 */

/**
 * Whether npm's list of installed packages agrees with the lock. Optional packages may be absent: they are builds for other platforms.
 * @param {LockPackages} wanted
 * @param {LockPackages} installed
 */
export function isUpToDate(wanted, installed) {
  const { '': _project, ...packages } = wanted;
  return (
    Object.entries(packages).every(([path, { version, optional }]) =>
      path in installed ? installed[path].version === version : optional === true,
    ) && Object.keys(installed).every((path) => path in packages)
  );
}

/**
 * @param {string} path
 * @returns {LockPackages | null} null where there is no such file
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** Runs `npm ci` unless node_modules agrees with the lock. */
export function ensureInstalled() {
  const wanted = readPackages(`${root}/package-lock.json`);
  const installed = readPackages(`${root}/node_modules/.package-lock.json`);
  if (wanted && installed && isUpToDate(wanted, installed)) return;
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) ensureInstalled();
