/** Turns the arrays of .npy, .npz and safetensors files into device arrays. Loaded by readers.ts. */
import type { DeviceName } from '../backends/backend.js';
import { DTypeError, type RensaError } from '../errors.js';
import { array, type NDArray } from '../ndarray/routines.js';
import { checkOptions } from '../options.js';
import { type HostArray, isNumeric, narrow } from './host-array.js';
import { Budget, type Limits } from './limits.js';
import { parseNpy } from './npy.js';
import { NpzFile } from './npz.js';
import { quoted } from './quoted.js';
import { reading } from './reading.js';
import { SafetensorsFile } from './safetensors.js';
import { UnsupportedKind } from './unsupported.js';

/** The device of the arrays, and limits on the cost of the file. */
export interface ReadArraysOptions {
  /** Default: the device set by `init`. */
  device?: DeviceName;
  /**
   * `bytes`: memory that all arrays of an archive may take together, by default 256 MiB, or 64 times the file if that
   * is more; `nodes`: number of arrays; `elements`: elements of one array of texts; `depth`: nesting of a JSON header.
   */
  limits?: Limits;
}

const check = (op: string, options: ReadArraysOptions) => checkOptions(op, options, { device: null, limits: {} });

function toDevice(name: string, host: HostArray, { device }: ReadArraysOptions): NDArray {
  const { shape, dtype, data } = narrow(host, name);
  return array(data, { dtype, device }).reshape(shape);
}

/** Arrays by name. An array of a dtype that devices lack is not among the keys; `get` of its name throws the reason. */
class ReadableArrays extends Map<string, NDArray> {
  readonly #refused = new Map<string, RensaError>();

  refuse(name: string, reason: RensaError): void {
    this.#refused.set(name, reason);
  }

  override get(name: string): NDArray | undefined {
    const reason = this.#refused.get(name);
    if (reason) throw reason;
    return super.get(name);
  }
}

/** The arrays in a file, by name. */
interface HostArrays {
  keys(): string[];
  get(name: string): HostArray;
}

/** All numeric arrays. A damaged array is an error at once, because the rest of the file may be damaged too. */
function arraysOf(op: string, file: HostArrays, options: ReadArraysOptions): Map<string, NDArray> {
  const arrays = new ReadableArrays();
  for (const key of file.keys()) {
    try {
      const host = file.get(key);
      if (isNumeric(host)) arrays.set(key, toDevice(`${op} ${quoted(key)}`, host, options));
    } catch (error) {
      if (!(error instanceof UnsupportedKind || error instanceof DTypeError)) throw error;
      arrays.refuse(key, error);
    }
  }
  return arrays;
}

export async function arrayOfNpy(bytes: Uint8Array, options: ReadArraysOptions): Promise<NDArray> {
  check('readNpy', options);
  const budget = new Budget('readNpy', options.limits, bytes.length);
  return reading('npy', bytes, 'readNpy', () => toDevice('readNpy', parseNpy(bytes, 'npy', budget), options));
}

export async function arraysOfNpz(bytes: Uint8Array, options: ReadArraysOptions): Promise<Map<string, NDArray>> {
  check('readNpz', options);
  return reading('npz', bytes, 'readNpz', () =>
    arraysOf('readNpz', new NpzFile(bytes, 'readNpz', options.limits), options),
  );
}

export async function arraysOfSafetensors(
  bytes: Uint8Array,
  options: ReadArraysOptions,
): Promise<Map<string, NDArray>> {
  check('readSafetensors', options);
  return reading('safetensors', bytes, 'readSafetensors', () =>
    arraysOf('readSafetensors', new SafetensorsFile(bytes, 'readSafetensors', options.limits), options),
  );
}
