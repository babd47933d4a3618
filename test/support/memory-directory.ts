/** An output directory that is a Map, which tests can inspect. */
import { FileError, type training } from '../../src/index.js';

export class MemoryDirectory implements training.OutputDirectory {
  readonly files = new Map<string, Uint8Array>();
  readonly #order: string[] = [];

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, bytes);
    this.#order.push(name);
  }

  async read(name: string): Promise<Uint8Array> {
    const bytes = this.files.get(name);
    if (!bytes) throw new FileError(`there is no file ${name}`, { code: 'ENOENT', path: name });
    return bytes;
  }

  async list(): Promise<training.OutputFile[]> {
    return [...this.files.keys()].map((name) => ({ name, modified: this.#order.lastIndexOf(name) }));
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
}
