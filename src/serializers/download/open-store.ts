/** Opens the store of downloads that this runtime has. */
import { hasFileSystem, makeDirectory } from '../disk.js';
import type { Store } from './store.js';

/** The store of downloads: a directory, which is made if necessary, or the browser's cache. */
export async function openStore(directory: string): Promise<Store> {
  if (!(await hasFileSystem())) return new (await import('./browser-store.js')).BrowserStore();
  await makeDirectory(directory);
  return new (await import('./disk-store.js')).DiskStore(directory);
}
