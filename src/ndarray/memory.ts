/** What arrays occupy, for users who watch it. */
import type { DeviceName } from '../backends/backend.js';
import { activeDevices } from './device.js';
import { liveStorages } from './lifetime.js';

/** A device's memory now. */
export interface DeviceMemory {
  /** Bytes of live arrays. */
  bytes: number;
  /** Number of blocks those bytes are in. */
  blocks: number;
  /** Bytes taken from the system: what is live, what is pooled for reuse, and the backend's own. */
  reserved: number;
  /** Of `bytes`, those that were moved to the host because the device was short of memory; on `webgl`. */
  paged?: number;
}

/** The number of live arrays (reshapes of one storage count once), and what each device in use holds. */
export function memory(): { arrays: number; devices: Partial<Record<DeviceName, DeviceMemory>> } {
  const devices: Partial<Record<DeviceName, DeviceMemory>> = {};
  for (const device of activeDevices()) devices[device.name] = device.stats();
  return { arrays: liveStorages(), devices };
}
