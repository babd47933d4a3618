/**
 * One group of reference data in the format of test/fixtures/chainer/README.md: its manifest and its arrays. It checks
 * everything it reads, because a directory may come from anywhere. The files of the groups say what cases mean.
 */
import { np } from 'rensa';
import { type DeviceReadyArray, narrow } from '../../src/formats/host-array.js';
import { NpzFile } from '../../src/formats/npz.js';

/** Reads a file of the directory; `path` is relative to it. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** An array in a manifest: the place of its data, and its expected shape and dtype. */
export interface ArrayEntry {
  /** Null where no array exists: no gradient flows. */
  readonly name: string | null;
  readonly shape?: readonly number[];
  readonly dtype?: string;
}

/** Tolerances of the results; see the README. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** A case of any group. Each group adds its own fields. */
export interface Case {
  readonly name: string;
  readonly op: string;
  readonly tol?: Tolerance;
}

interface Manifest {
  readonly group?: string;
  readonly arrays?: string | null;
  readonly default_tol?: Tolerance;
  /** Each should be a {@link Case}. */
  readonly cases: readonly unknown[];
}

const DEFAULT_TOLERANCE: Tolerance = { rtol: 1e-4, atol: 1e-5 };

/** The reference data is malformed. */
class FixtureError extends Error {
  override name = 'FixtureError';
}

export class Group {
  readonly #directory: string;
  readonly #read: ReadFile;
  readonly #arrays: NpzFile | null;
  readonly manifest: Manifest;

  private constructor(directory: string, read: ReadFile, manifest: Manifest, arrays: NpzFile | null) {
    this.#directory = directory;
    this.#read = read;
    this.manifest = manifest;
    this.#arrays = arrays;
  }

  /** Reads a group's manifest and the directory of its arrays. */
  static async open(directory: string, read: ReadFile): Promise<Group> {
    const text = new TextDecoder().decode(await read(`${directory}/manifest.json`));
    const manifest = JSON.parse(text) as Manifest;
    if (!Array.isArray(manifest.cases)) throw new FixtureError(`${directory}/manifest.json lists no cases`);
    const arrays = manifest.arrays
      ? new NpzFile(await read(`${directory}/${manifest.arrays}`), `${directory}/${manifest.arrays}`)
      : null;
    return new Group(directory, read, manifest, arrays);
  }

  /** The kind of cases it holds. */
  get kind(): string {
    return this.manifest.group ?? this.#directory;
  }

  tolerance(testCase: Case): Tolerance {
    return testCase.tol ?? this.manifest.default_tol ?? DEFAULT_TOLERANCE;
  }

  /** An array on the host. `owner` is a case's name, or that of data which several cases share. */
  host(owner: string, { name }: ArrayEntry): DeviceReadyArray {
    const key = `${owner}/${name}`;
    if (!this.#arrays?.has(key)) throw new FixtureError(`there is no array '${key}'`);
    return narrow(this.#arrays.get(key), key);
  }

  /** An array on the device that is tested. */
  array(owner: string, entry: ArrayEntry): np.NDArray {
    const { shape, dtype, data } = this.host(owner, entry);
    return np.reshape(np.array(data, dtype), shape);
  }

  /** The bytes of a file that the manifest names. */
  file(path: string): Promise<Uint8Array> {
    return this.#read(`${this.#directory}/${path}`);
  }
}
