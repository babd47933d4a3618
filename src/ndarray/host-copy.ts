/** Copies on the host against the loss of a device. */
import { storagesOf } from './lifetime.js';

/**
 * Keeps on the host a copy of all arrays that `root` keeps alive (a link, an optimizer, an array, a list of such), where
 * their device can lose its memory: a WebGL2 context is lost when the driver restarts or the browser wants its memory.
 * When it is restored, these arrays have the values of the last call again; call it now and then, as one saves snapshots.
 * Other arrays are lost, and their use throws DeviceLostError. On `wasm` there is nothing to do.
 *
 *     await keepHostCopy([model, optimizer]);
 */
export async function keepHostCopy(root: unknown): Promise<void> {
  const copies = [...storagesOf(root)].map((storage) => {
    if (!storage.backend.keepHostCopy) return undefined;
    storage.catchByNet(); // an array that moves to the host and back gets other memory, without a copy
    return storage.backend.keepHostCopy(storage.memory);
  });
  await Promise.all(copies);
}
