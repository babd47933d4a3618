/** The interfaces of stores for downloads. See disk-store.ts and browser-store.ts. */
import type { Version } from './version.js';

/** The bytes of a download so far, and their version. It belongs to one download. */
export interface PartialFile {
  /** How many bytes are there. */
  readonly size: number;
  /** The version of the bytes; null if it is unknown. */
  readonly version: Version | null;
  /** Whether it is lost when the program ends. */
  readonly isVolatile: boolean;
  append(bytes: Uint8Array): Promise<void>;
  /** Starts again, with another version. */
  restart(version: Version | null): Promise<void>;
  /** All bytes. */
  read(): Promise<Uint8Array>;
  /** Keeps the complete file under its name, in place of an older one. */
  keep(): Promise<void>;
  /**
   * Ends its use. Bytes that were not kept stay for a later download if the store can keep them. Callers always call
   * it.
   */
  release(): Promise<void>;
}

/** A store of downloaded files. */
export interface Store {
  /** A file in the store; null if there is none. */
  find(name: string): Promise<Uint8Array | null>;
  /** Keeps bytes that were made and not downloaded, in place of an older file. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
  /** The part of a file that exists, perhaps from an earlier program; it may be empty. */
  begin(name: string): Promise<PartialFile>;
  /**
   * Runs work while no other process, thread or tab works on the same name.
   *
   * @param work is told whether it had to wait.
   */
  alone<T>(name: string, signal: AbortSignal | null, work: (hasWaited: boolean) => Promise<T>): Promise<T>;
}
