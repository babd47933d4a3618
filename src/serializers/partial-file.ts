/**
 * Where a download is collected: on a disk, where it outlives the program and can be resumed, or in memory. It knows nothing of
 * the network.
 */
import {
  appendBytes,
  fileSize,
  hasFileSystem,
  makeDirectory,
  readBytes,
  removeFile,
  renameFile,
  writeBytes,
} from './files.js';

/** Bytes that arrive one after another, and the server's mark of the version they are of. */
export interface PartialFile {
  /** How many bytes are there. */
  size(): Promise<number>;
  /** The mark they were stored with (an ETag, or a date); null if there is none. */
  mark(): Promise<string | null>;
  append(bytes: Uint8Array): Promise<void>;
  /** Starts again, with a new mark. */
  restart(mark: string | null): Promise<void>;
  /** All bytes. They stay until {@link keep} or {@link restart}. */
  read(): Promise<Uint8Array>;
  /** The file is whole: keeps it under its name. */
  keep(): Promise<void>;
}

/** Downloaded files that stay. */
export interface Store {
  /** A file that was kept; null if there is none. */
  find(name: string): Promise<Uint8Array | null>;
  /** Keeps bytes that were not downloaded but made, in place of what has the name. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
  /** Forgets a file. */
  forget(name: string): Promise<void>;
  /** The beginning of a file, perhaps of an earlier program. */
  begin(name: string): PartialFile;
}

class DiskFile implements PartialFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get #part(): string {
    return `${this.#path}.part`;
  }

  get #markPath(): string {
    return `${this.#path}.mark`;
  }

  async size(): Promise<number> {
    return (await fileSize(this.#part)) ?? 0;
  }

  async mark(): Promise<string | null> {
    return (await fileSize(this.#markPath)) === null ? null : new TextDecoder().decode(await readBytes(this.#markPath));
  }

  append(bytes: Uint8Array): Promise<void> {
    return appendBytes(this.#part, bytes);
  }

  async restart(mark: string | null): Promise<void> {
    await removeFile(this.#part);
    if (mark === null) await removeFile(this.#markPath);
    else await writeBytes(this.#markPath, new TextEncoder().encode(mark));
  }

  async read(): Promise<Uint8Array> {
    return (await this.size()) === 0 ? new Uint8Array() : readBytes(this.#part);
  }

  async keep(): Promise<void> {
    if ((await fileSize(this.#part)) === null) await appendBytes(this.#part, new Uint8Array());
    await renameFile(this.#part, this.#path);
    await removeFile(this.#markPath);
  }
}

class DiskStore implements Store {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async find(name: string): Promise<Uint8Array | null> {
    const path = `${this.#directory}/${name}`;
    return (await fileSize(path)) === null ? null : readBytes(path);
  }

  keep(name: string, bytes: Uint8Array): Promise<void> {
    return writeBytes(`${this.#directory}/${name}`, bytes);
  }

  forget(name: string): Promise<void> {
    return removeFile(`${this.#directory}/${name}`);
  }

  begin(name: string): PartialFile {
    return new DiskFile(`${this.#directory}/${name}`);
  }
}

class MemoryFile implements PartialFile {
  #chunks: Uint8Array[] = [];
  #mark: string | null = null;
  readonly #keep: (bytes: Uint8Array) => Promise<void>;

  constructor(keep: (bytes: Uint8Array) => Promise<void>) {
    this.#keep = keep;
  }

  async size(): Promise<number> {
    return this.#chunks.reduce((n, { length }) => n + length, 0);
  }

  async mark(): Promise<string | null> {
    return this.#mark;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
  }

  async restart(mark: string | null): Promise<void> {
    this.#chunks = [];
    this.#mark = mark;
  }

  async read(): Promise<Uint8Array> {
    const all = new Uint8Array(await this.size());
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  async keep(): Promise<void> {
    await this.#keep(await this.read());
  }
}

/** What a browser keeps for a site, where it lets it; otherwise nothing is kept. */
class BrowserStore implements Store {
  async #cache(): Promise<Cache | null> {
    try {
      return typeof caches === 'undefined' ? null : await caches.open('rensa');
    } catch {
      return null; // pages of an opaque origin have no storage
    }
  }

  async find(name: string): Promise<Uint8Array | null> {
    const found = await (await this.#cache())?.match(this.#key(name));
    return found ? new Uint8Array(await found.arrayBuffer()) : null;
  }

  async keep(name: string, bytes: Uint8Array): Promise<void> {
    const cache = await this.#cache();
    await cache?.put(this.#key(name), new Response(new Uint8Array(bytes)));
  }

  async forget(name: string): Promise<void> {
    await (await this.#cache())?.delete(this.#key(name));
  }

  begin(name: string): PartialFile {
    return new MemoryFile((bytes) => this.keep(name, bytes));
  }

  /** Caches are keyed by addresses. */
  #key(name: string): string {
    return `https://rensa.invalid/${encodeURIComponent(name)}`;
  }
}

/** Where downloads stay: a directory, which is made if it is not there, or what a browser has. */
export async function openStore(directory: string): Promise<Store> {
  if (!(await hasFileSystem())) return new BrowserStore();
  await makeDirectory(directory);
  return new DiskStore(directory);
}
