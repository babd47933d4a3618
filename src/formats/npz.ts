/**
 * NumPy's .npz format: a zip archive of .npy files. Chainer's `serializers.save_npz` writes models in this format. See
 * zip.ts and npy.ts for the two parts.
 */
import { FormatError } from '../errors.js';
import type { HostArray } from './host-array.js';
import { Budget, type Limits } from './limits.js';
import { checkNpyHead, LONGEST_HEAD, npyParts, parseNpy } from './npy.js';
import { quoted } from './quoted.js';
import { ZipArchive } from './zip.js';
import { encodeZip, type ZipOptions } from './zip-writer.js';

const SUFFIX = '.npy';

/**
 * An .npz file in memory, as `numpy.load` gives it. Keys are entry names without `.npy` (`conv1/W`). An array is
 * inflated and read when a caller asks for it, so a large model never exists twice.
 */
export class NpzFile {
  readonly #archive: ZipArchive;
  readonly #what: string;
  readonly #budget: Budget;
  /** The entry name of each key. */
  readonly #names = new Map<string, string>();

  /**
   * @param what names the file in errors.
   *
   * @param limits `bytes`: memory that all arrays together may take; `nodes`: number of arrays; `elements`: elements of
   *   one array without numbers.
   * @throws FormatError when the archive's directory is damaged or beyond a limit, or when none of its files is an
   *   array.
   */
  constructor(bytes: Uint8Array, what = 'npz', limits: Limits = {}) {
    this.#what = what;
    this.#budget = new Budget(what, limits, bytes.length);
    this.#archive = new ZipArchive(bytes, what, limits);
    const names = this.#archive.names();
    if (names.length > 0 && !names.some((name) => name.endsWith(SUFFIX))) {
      throw new FormatError(
        `${what}: none of the ${names.length} files in it is a .npy file (the first is ${quoted(names[0])})`,
      );
    }
    for (const name of names) {
      const key = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
      if (this.#names.has(key)) throw new FormatError(`${what}: two entries have the key ${quoted(key)}`);
      this.#names.set(key, name);
    }
  }

  /** All keys, in the file's order. */
  keys(): string[] {
    return [...this.#names.keys()];
  }

  has(key: string): boolean {
    return this.#names.has(key);
  }

  /**
   * The array of a key.
   *
   * @throws KeyError when the file has no such key; FormatError when its bytes are damaged.
   */
  get(key: string): HostArray {
    const name = this.#names.get(key) ?? key;
    const what = `${this.#what} entry ${quoted(key)}`;
    const large = this.#archive.headOfLarge(name, LONGEST_HEAD);
    if (large) checkNpyHead(large.head, large.size, what, this.#budget);
    return parseNpy(this.#archive.read(name), what, this.#budget);
  }
}

/** All arrays of an .npz file (`dict(numpy.load(path))`). See {@link NpzFile} to read them one at a time. */
export function parseNpz(bytes: Uint8Array, what = 'npz', limits: Limits = {}): Map<string, HostArray> {
  const file = new NpzFile(bytes, what, limits);
  return new Map(file.keys().map((key) => [key, file.get(key)]));
}

/** The input of {@link encodeNpz}: pairs of key and array, or an object of them. */
export type NpzEntries = Iterable<readonly [key: string, array: HostArray]> | Readonly<Record<string, HostArray>>;

/**
 * Writes an .npz file as `numpy.savez` does, or `numpy.savez_compressed` with `{ compressed: true }`. `numpy.load` and
 * Chainer's `load_npz` read it.
 *
 * @throws ValueError for a repeated key or for 4 GiB and more; the errors of {@link encodeNpy} for each array.
 */
export function encodeNpz(entries: NpzEntries, options: ZipOptions = {}): Uint8Array {
  const pairs = Symbol.iterator in entries ? entries : Object.entries(entries);
  const members = Array.from(pairs, ([key, array]) => [key + SUFFIX, npyParts(array, `encodeNpz '${key}'`)] as const);
  return encodeZip(members, options);
}
