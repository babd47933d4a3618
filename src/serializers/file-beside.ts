/**
 * Opens files that another file names relative to itself, on the same disk or server. Files outside its folder are
 * refused.
 */

import { FormatError } from '../errors.js';
import { findBuiltin } from '../platform/builtin.js';
import { type ByteSource, nameOf } from './files.js';

/**
 * The source of the file at `location`, a path relative to the folder of `source`; null if `source` has no folder, as
 * bytes have none.
 *
 * @throws FormatError if `location` is a link that leads out of that folder.
 */
export function sourceBeside(source: ByteSource, location: string): string | URL | null {
  const url = asUrl(source);
  if (url) {
    const encoded = location.split(/[\\/]/).map(encodeURIComponent).join('/');
    const beside = URL.canParse(encoded, url) ? new URL(`./${encoded}`, url) : null;
    return beside?.protocol === 'file:' ? inFolder(url, beside) : beside;
  }
  if (typeof source !== 'string') return null;
  const folder = /^.*[\\/]/s.exec(source)?.[0] ?? '';
  return inFolder(source, folder + location);
}

function asUrl(source: ByteSource): URL | null {
  if (source instanceof URL) return source;
  return typeof source === 'string' && /^(https?|blob|data):/i.test(source) ? new URL(source) : null;
}

/**
 * Refuses a file that is a link out of the folder of `source`. If `source` is a link itself, as in the caches of model
 * hubs, the file may also be beside the target of that link.
 */
function inFolder<T extends string | URL>(source: string | URL, file: T): T {
  const fs = findBuiltin('node:fs');
  const path = findBuiltin('node:path');
  // Reading reports a missing file.
  if (!fs || !path || !fs.existsSync(file)) return file;
  const realFile = fs.realpathSync(file);
  const isInside = (folder: string): boolean => {
    const way = path.relative(folder, realFile);
    return !path.isAbsolute(way) && way.split(path.sep)[0] !== '..';
  };
  const folder = source instanceof URL ? new URL('.', source) : path.dirname(source);
  const folders = [fs.realpathSync(folder), path.dirname(fs.realpathSync(source))];
  if (!folders.some(isInside))
    throw new FormatError(`${nameOf(file)}: a link to '${realFile}', outside the folder of '${nameOf(source)}'`);
  return file;
}
