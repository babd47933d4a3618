/**
 * The device module under its name in Chainer, `chainer.backends.cuda`. There is no CUDA here. The functions find an array's device
 * and library, and move arrays, as their namesakes do.
 */
import type { DeviceName } from '../backends/backend.js';
import { type Device, getDevice as deviceByName } from './device.js';
import * as np from './np.js';

/** The device of an array, of a name, or the default one; follows chainer.get_device. */
export function getDevice(of?: np.NDArray | DeviceName): Device {
  return of instanceof np.NDArray ? of.device : deviceByName(of);
}

/** The namespace that computes with arrays: always `np`, which serves all devices. Follows cuda.get_array_module. */
export function getArrayModule(..._arrays: readonly unknown[]): typeof np {
  return np;
}

export { toDevice } from './creation.js';
