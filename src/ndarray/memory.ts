/** The memory of arrays and devices, for users. */
import type { DeviceMemory, DeviceName } from '../backends/backend.js';
import { activeDevices } from './device.js';
import { heldBytes, liveStorages, type Role } from './storage.js';

/** The result of {@link memory}. */
export interface MemoryInfo {
  /** The number of live arrays. Reshapes of one storage count once. */
  arrays: number;
  /**
   * Bytes of those arrays by content: `parameters`, `gradients`, `optimizerStates`, arrays that functions of `graphs` made outside
   * of scopes, and all other `arrays`.
   */
  held: Record<Role, number>;
  /** The memory of each device in use: arrays, compiled models and workspaces. */
  devices: Partial<Record<DeviceName, DeviceMemory>>;
}

/**
 * The number of live arrays, their bytes by content, and the memory of each device in use. An array that moved to the host, because it
 * was not used for long, does not count until its next use.
 */
export function memory(): MemoryInfo {
  const devices: Partial<Record<DeviceName, DeviceMemory>> = {};
  for (const device of activeDevices()) devices[device.name] = device.stats();
  return { arrays: liveStorages(), held: heldBytes(), devices };
}
