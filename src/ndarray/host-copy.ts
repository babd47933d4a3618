/** Copies on the host against the loss of a device. */
import type { Memory } from '../backends/primitives.js';
import type { Device } from './device.js';
import { storagesOf } from './lifetime.js';

/**
 * Copies to the host all arrays that `root` keeps alive (a link, an optimizer, an array, or a list of these), if their device can
 * lose its memory: a WebGL2 context is lost when the driver restarts or the browser needs the memory. After the device is restored,
 * these arrays have the values of the last call. Call this function now and then, like saving snapshots. Other arrays are lost, and
 * their use throws DeviceLostError. On `wasm` the function does nothing.
 *
 *     await keepHostCopy([model, optimizer]);
 *
 * @throws DeviceLostError or MemoryError if a device is lost meanwhile or fails; then its arrays keep the copies of the earlier call.
 */
export async function keepHostCopy(root: unknown): Promise<void> {
  const memories = new Map<Device, Memory[]>();
  for (const storage of storagesOf(root)) {
    const { backend } = storage;
    if (!backend.keepHostCopies) continue;
    storage.catchByNet(); // otherwise the array may move to the host and back, into memory without a copy
    const ofDevice = memories.get(backend) ?? [];
    ofDevice.push(storage.memory);
    memories.set(backend, ofDevice);
  }
  await Promise.all([...memories].map(([device, ofDevice]) => device.keepHostCopies?.(ofDevice)));
}
