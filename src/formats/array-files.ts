/** The arrays of .npy, .npz and safetensors files, on a device at once: what readers.ts loads. Knows nothing of models. */
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

/** Where arrays are made, and what a file may cost. */
export interface ReadArraysOptions {
  /** Default: the device set by `init`. */
  device?: DeviceName;
  /**
   * `bytes`: what an archive's arrays may take together, by default 256 MiB, or 64 times the file if that is more; `nodes`: how many arrays
   * there may be; `elements`: of one of texts; `depth`: of a JSON header.
   */
  limits?: Limits;
}

const check = (op: string, options: ReadArraysOptions) => checkOptions(op, options, { device: null, limits: {} });

function toDevice(name: string, host: HostArray, { device }: ReadArraysOptions): NDArray {
  const { shape, dtype, data } = narrow(host, name);
  return array(data, { dtype, device }).reshape(shape);
}

/** Arrays by name. Those that are of no kind for devices are not among the keys; asked for one, it throws the reason. */
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

/** What a file has by name. */
interface HostArrays {
  keys(): string[];
  get(name: string): HostArray;
}

/** All arrays of numbers. What is damaged is an error at once: then the file may be damaged elsewhere too. */
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
