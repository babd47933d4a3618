/** Where downloads are collected and kept: on a disk, in what a browser has, or nowhere. It knows nothing of the network. */
import { hasFileSystem, makeDirectory } from '../files.js';
import type { Version } from './version.js';

/** Bytes that arrive one after another, and the version that they are of. Belongs to one download. */
export interface PartialFile {
  /** How many bytes are there. */
  readonly size: number;
  /** The version they belong to; null if it is not known. */
  readonly version: Version | null;
  /** Whether it is lost with the program. */
  readonly isVolatile: boolean;
  append(bytes: Uint8Array): Promise<void>;
  /** Starts again, with bytes of a version. */
  restart(version: Version | null): Promise<void>;
  /** All bytes. */
  read(): Promise<Uint8Array>;
  /** The file is whole: keeps it under its name, in place of what has the name. */
  keep(): Promise<void>;
  /** Ends the use of it. What was not kept stays for a later download, where it can. To be called in any case. */
  release(): Promise<void>;
}

/** Downloaded files that stay. */
export interface Store {
  /** A file that was kept; null if there is none. */
  find(name: string): Promise<Uint8Array | null>;
  /** Keeps bytes that were not downloaded but made, in place of what has the name. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
  /** What there is of a file, perhaps of an earlier program, or nothing yet. */
  begin(name: string): Promise<PartialFile>;
  /**
   * Does something while no other process, thread or tab does something with the same name.
   *
   * @param work is told whether it had to wait.
   */
  alone<T>(name: string, signal: AbortSignal | null, work: (hasWaited: boolean) => Promise<T>): Promise<T>;
}

/** Where downloads stay: a directory, which is made if it is not there, or what a browser has. */
export async function openStore(directory: string): Promise<Store> {
  if (!(await hasFileSystem())) return new (await import('./browser-store.js')).BrowserStore();
  await makeDirectory(directory);
  return new (await import('./disk-store.js')).DiskStore(directory);
}
