/**
 * The device module under the name Chainer's programs know it by. There is no CUDA here; what `chainer.backends.cuda` is
 * used for (finding an array's device and library, moving arrays) has its counterparts.
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
