/** What arrays occupy, for users who watch it. */
import type { DeviceMemory, DeviceName } from '../backends/backend.js';
import { activeDevices } from './device.js';
import { heldBytes, liveStorages, type Role } from './storage.js';

/** What {@link memory} counts. */
export interface MemoryInfo {
  /** Live arrays; reshapes of one storage count once. */
  arrays: number;
  /**
   * Bytes of those arrays by what they hold: `parameters`, `gradients`, `optimizerStates`, what functions of `graphs` recorded outside
   * scopes made, and all other `arrays`.
   */
  held: Record<Role, number>;
  /** What each device in use holds. Beside arrays these are compiled models and workspaces. */
  devices: Partial<Record<DeviceName, DeviceMemory>>;
}

/**
 * The number of live arrays (reshapes of one storage count once), what they hold, and what each device in use holds. An array that
 * waits on the host, because it was not used for long, does not count until it is used again.
 */
export function memory(): MemoryInfo {
  const devices: Partial<Record<DeviceName, DeviceMemory>> = {};
  for (const device of activeDevices()) devices[device.name] = device.stats();
  return { arrays: liveStorages(), held: heldBytes(), devices };
}
