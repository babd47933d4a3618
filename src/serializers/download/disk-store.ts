/**
 * Downloads in a directory. A complete file NAME has that name. While a download writes it, its bytes are in
 * `NAME.OWNER.part`, and after an interruption in `NAME.part`. The file's version is beside it, in `.mark` instead of
 * `.part`. OWNER names the process, so the part of a killed process is found and resumed, and no two downloads ever
 * write to the same file.
 */
import { builtin, type FileHandle } from '../../platform/builtin.js';
import { attempt, fileSize, readFile, UNREADABLE, UNWRITABLE, writeBytes } from '../disk.js';
import { fileFailure } from '../file-failure.js';
import { fateOf, uniqueWord } from '../process-identity.js';
import { takeLock } from './lock.js';
import type { PartialFile, Store } from './store.js';
import type { Version } from './version.js';

/** Age in milliseconds at which a part counts as old if its process cannot be checked. */
const OLD = 24 * 60 * 60 * 1000;

const markOf = (part: string): string => part.replace(/part$/, 'mark');

/** The version in a mark; null if it cannot be read: a process may have been killed while it wrote the mark. */
async function readMark(path: string): Promise<Version | null> {
  const { readFile } = builtin('node:fs/promises');
  try {
    const {
      etag = null,
      lastModified = null,
      total = null,
      condition = null,
    } = JSON.parse(await readFile(path, 'utf8'));
    const isText = (value: unknown) => value === null || typeof value === 'string';
    const isSound = [etag, lastModified, condition].every(isText) && (total === null || Number.isSafeInteger(total));
    return isSound ? { etag, lastModified, total, condition } : null;
  } catch {
    return null;
  }
}

class DiskFile implements PartialFile {
  readonly isVolatile = false;
  readonly #directory: string;
  readonly #name: string;
  readonly #part: string;
  readonly #file: FileHandle;
  #size: number;
  #version: Version | null;
  #isOpen = true;
  #isKept = false;

  constructor(
    path: readonly [directory: string, name: string],
    part: string,
    file: FileHandle,
    size: number,
    version: Version | null,
  ) {
    [this.#directory, this.#name] = path;
    [this.#part, this.#file, this.#size, this.#version] = [part, file, size, version];
  }

  get size(): number {
    return this.#size;
  }

  get version(): Version | null {
    return this.#version;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#try(() => this.#file.write(bytes, at, bytes.length - at, this.#size));
      at += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  async restart(version: Version | null): Promise<void> {
    const { rm, writeFile } = builtin('node:fs/promises');
    await this.#try(async () => {
      await this.#file.truncate(0);
      [this.#size, this.#version] = [0, version];
      if (version?.condition) await writeFile(markOf(this.#part), JSON.stringify(version));
      else await rm(markOf(this.#part), { force: true });
    });
  }

  async read(): Promise<Uint8Array> {
    const bytes = new Uint8Array(this.#size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await this.#try(() => this.#file.read(bytes, at, bytes.length - at, at));
      if (bytesRead === 0) throw fileFailure(this.#part, UNREADABLE, `another program cut it to ${at} bytes`);
      at += bytesRead;
    }
    return bytes;
  }

  async keep(): Promise<void> {
    const { rename, rm } = builtin('node:fs/promises');
    await this.#try(async () => {
      await this.#file.sync(); // after a loss of power, a file with this name must be complete
      await this.#close();
      await rename(this.#part, `${this.#directory}/${this.#name}`);
      this.#isKept = true;
      await rm(markOf(this.#part), { force: true });
    });
  }

  async release(): Promise<void> {
    const { rename, rm } = builtin('node:fs/promises');
    await this.#close();
    if (this.#isKept) return;
    const free = `${this.#directory}/${this.#name}.part`;
    try {
      if (this.#size > 0 && this.#version?.condition) {
        await rename(markOf(this.#part), markOf(free));
        await rename(this.#part, free);
        return;
      }
    } catch {} // then there is nothing to go on with
    await rm(this.#part, { force: true }).catch(() => {});
    await rm(markOf(this.#part), { force: true }).catch(() => {});
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close().catch(() => {});
  }

  #try<T>(act: () => Promise<T>): Promise<T> {
    return attempt(this.#part, UNWRITABLE, act);
  }
}

export class DiskStore implements Store {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async find(name: string): Promise<Uint8Array | null> {
    const path = this.#path(name);
    return (await fileSize(path)) === null ? null : readFile(path);
  }

  keep(name: string, bytes: Uint8Array): Promise<void> {
    return writeBytes(this.#path(name), bytes);
  }

  async begin(name: string): Promise<PartialFile> {
    const { open, rename, rm, stat } = builtin('node:fs/promises');
    const part = this.#path(`${name}.${uniqueWord()}.part`);
    for (const left of await this.#abandoned(name)) {
      const version = await readMark(markOf(left));
      try {
        if (version === null) throw fileFailure(left, UNREADABLE, 'it is not known what it is a part of');
        // If several processes try, one succeeds.
        await rename(left, part);
        await rename(markOf(left), markOf(part));
        const { size } = await stat(part);
        return new DiskFile([this.#directory, name], part, await open(part, 'r+'), size, version);
      } catch {
        for (const path of [left, markOf(left)]) await rm(path, { force: true }).catch(() => {});
      }
    }
    const file = await attempt(part, UNWRITABLE, () => open(part, 'wx+'));
    return new DiskFile([this.#directory, name], part, file, 0, null);
  }

  async alone<T>(name: string, signal: AbortSignal | null, work: (hasWaited: boolean) => Promise<T>): Promise<T> {
    const path = this.#path(`${name}.lock`);
    signal?.throwIfAborted();
    // An abort is not a failure of the file.
    const lock = await takeLock(path, signal).catch((error) =>
      signal?.aborted ? Promise.reject(signal.reason) : attempt(path, UNWRITABLE, () => Promise.reject(error)),
    );
    try {
      return await work(lock.hasWaited);
    } finally {
      await lock.release();
    }
  }

  /** The parts of a file that no process writes, the largest first. */
  async #abandoned(name: string): Promise<string[]> {
    const { readdir, stat } = builtin('node:fs/promises');
    const found: { path: string; size: number }[] = [];
    for (const file of await readdir(this.#directory).catch(() => [])) {
      if (!file.startsWith(`${name}.`) || !file.endsWith('.part')) continue;
      const path = this.#path(file);
      const status = await stat(path).catch(() => null);
      if (status === null) continue;
      const owner = /^(\w+-\d+-\w+)-\w+\.part$/.exec(file.slice(name.length + 1))?.[1];
      const fate = owner === undefined ? 'dead' : fateOf(owner);
      if (fate === 'dead' || (fate === 'unknown' && Date.now() - status.mtimeMs > OLD))
        found.push({ path, size: status.size });
    }
    return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}
