/** Collects a download in memory. */
import type { PartialFile } from './store.js';
import type { Version } from './version.js';

/** Bytes of a block: as many as there are already, within these bounds. */
const [SMALLEST_BLOCK, LARGEST_BLOCK] = [2 ** 16, 2 ** 24];

export class MemoryFile implements PartialFile {
  readonly isVolatile = true;
  /** All are full except the last. Pieces are copied: a server may send single bytes, and each would be an object. */
  #blocks: Uint8Array[] = [];
  /** Bytes used in the last block. */
  #used = 0;
  #size = 0;
  #version: Version | null = null;
  readonly #keep: (bytes: Uint8Array) => Promise<void>;

  constructor(keep: (bytes: Uint8Array) => Promise<void> = async () => {}) {
    this.#keep = keep;
  }

  get size(): number {
    return this.#size;
  }

  get version(): Version | null {
    return this.#version;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      let block = this.#blocks.at(-1);
      if (!block || this.#used === block.length) {
        block = new Uint8Array(Math.min(Math.max(this.#size, SMALLEST_BLOCK), LARGEST_BLOCK));
        this.#blocks.push(block);
        this.#used = 0;
      }
      const piece = bytes.subarray(at, at + block.length - this.#used);
      block.set(piece, this.#used);
      this.#used += piece.length;
      this.#size += piece.length;
      at += piece.length;
    }
  }

  async restart(version: Version | null): Promise<void> {
    [this.#blocks, this.#used, this.#size, this.#version] = [[], 0, 0, version];
  }

  async read(): Promise<Uint8Array> {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const block of this.#blocks) {
      all.set(block.subarray(0, all.length - at), at);
      at += block.length;
    }
    return all;
  }

  async keep(): Promise<void> {
    await this.#keep(await this.read());
  }

  async release(): Promise<void> {}
}
