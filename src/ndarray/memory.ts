/** What arrays occupy, for users who watch it. */
import type { DeviceMemory, DeviceName } from '../backends/backend.js';
import { activeDevices } from './device.js';
import { liveStorages } from './lifetime.js';

/** What {@link memory} counts. */
export interface MemoryInfo {
  /** Live arrays; reshapes of one storage count once. */
  arrays: number;
  /** What each device in use holds. */
  devices: Partial<Record<DeviceName, DeviceMemory>>;
}

/** The number of live arrays (reshapes of one storage count once), and what each device in use holds. */
export function memory(): MemoryInfo {
  const devices: Partial<Record<DeviceName, DeviceMemory>> = {};
  for (const device of activeDevices()) devices[device.name] = device.stats();
  return { arrays: liveStorages(), devices };
}
