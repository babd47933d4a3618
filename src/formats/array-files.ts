/** The arrays of .npy, .npz and safetensors files, on a device at once: what readers.ts loads. Knows nothing of models. */
import type { DeviceName } from '../backends/backend.js';
import { array, type NDArray } from '../ndarray/routines.js';
import { type HostArray, isNumeric, narrow } from './host-array.js';
import { parseNpy } from './npy.js';
import { NpzFile } from './npz.js';
import { parseSafetensors } from './safetensors.js';

/** Where arrays are made. */
export interface ReadArraysOptions {
  /** Default: the device set by `init`. */
  device?: DeviceName;
}

function toDevice(name: string, host: HostArray, { device }: ReadArraysOptions): NDArray {
  const { shape, dtype, data } = narrow(host, name);
  return array(data, { dtype, device }).reshape(shape);
}

export function arrayOfNpy(bytes: Uint8Array, options: ReadArraysOptions): NDArray {
  return toDevice('readNpy', parseNpy(bytes), options);
}

export function arraysOfNpz(bytes: Uint8Array, options: ReadArraysOptions): Map<string, NDArray> {
  const file = new NpzFile(bytes);
  const arrays = new Map<string, NDArray>();
  for (const key of file.keys()) {
    const host = file.get(key);
    if (isNumeric(host)) arrays.set(key, toDevice(`readNpz '${key}'`, host, options));
  }
  return arrays;
}

export function arraysOfSafetensors(bytes: Uint8Array, options: ReadArraysOptions): Map<string, NDArray> {
  const { arrays } = parseSafetensors(bytes);
  return new Map(Array.from(arrays, ([name, host]) => [name, toDevice(`readSafetensors '${name}'`, host, options)]));
}
