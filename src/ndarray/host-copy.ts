/** Copies on the host against the loss of a device. */
import type { Memory } from '../backends/primitives.js';
import type { Device } from './device.js';
import { storagesOf } from './lifetime.js';

/**
 * Keeps on the host a copy of all arrays that `root` keeps alive (a link, an optimizer, an array, a list of such), where
 * their device can lose its memory: a WebGL2 context is lost when the driver restarts or the browser wants its memory.
 * When it is restored, these arrays have the values of the last call again; call it now and then, as one saves snapshots.
 * Other arrays are lost, and their use throws DeviceLostError. On `wasm` there is nothing to do.
 *
 *     await keepHostCopy([model, optimizer]);
 *
 * @throws DeviceLostError or MemoryError if a device is lost meanwhile or fails; then its arrays have the copies of the call before.
 */
export async function keepHostCopy(root: unknown): Promise<void> {
  const memories = new Map<Device, Memory[]>();
  for (const storage of storagesOf(root)) {
    const { backend } = storage;
    if (!backend.keepHostCopies) continue;
    storage.catchByNet(); // an array that moves to the host and back gets other memory, without a copy
    const ofDevice = memories.get(backend) ?? [];
    ofDevice.push(storage.memory);
    memories.set(backend, ofDevice);
  }
  await Promise.all([...memories].map(([device, ofDevice]) => device.keepHostCopies?.(ofDevice)));
}
