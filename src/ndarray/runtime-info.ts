/** The runtime and the devices of a program, for bug reports. */
import type { Precision } from '../backends/backend.js';
import { runtimeName } from '../platform/runtime-name.js';
import type { ThreadUse } from '../platform/threads.js';
import { activeDevices, getDevice, isChecked, threadsInUse } from './device.js';
import { memory } from './memory.js';

/** A device in use. */
interface DeviceInfo {
  /** Its name, such as `wasm`. */
  name: string;
  /** The dtypes of arrays on it. */
  dtypes: readonly string[];
  /** The format in which it stores float32 arrays. */
  precision: Precision;
  /** The bytes it has taken from the system. */
  reserved: number;
  /** The most bytes that it may take, if they are limited; see `init({ maxMemory })`. */
  maxMemory?: number;
}

/** The runtime and the devices in use; follows chainer.get_runtime_info. */
export interface RuntimeInfo {
  /** Such as `Node 20.20.2` or a browser's user agent. */
  runtime: string;
  /** The device on which new arrays are made. */
  defaultDevice: string;
  /** Each device in use. */
  devices: DeviceInfo[];
  /** The number of threads that compute on wasm, and the reason if it is less than the program asked for. */
  threads: ThreadUse;
  /** Whether each primitive checks its operands: `init({ checked: true })`, or RENSA_CHECKED=1. */
  checked: boolean;
}

/** Collects {@link RuntimeInfo}. */
export function getRuntimeInfo(): RuntimeInfo {
  const { devices } = memory();
  return {
    runtime: runtimeName(),
    defaultDevice: getDevice().name,
    devices: activeDevices().map(({ name, dtypes, precision = 'float32', maxMemory }) => ({
      name,
      dtypes,
      precision,
      reserved: devices[name]?.reserved ?? 0,
      ...(maxMemory === undefined ? {} : { maxMemory }),
    })),
    threads: threadsInUse(),
    checked: isChecked(),
  };
}

/** Prints {@link RuntimeInfo}; follows chainer.print_runtime_info. */
export function printRuntimeInfo(print: (line: string) => void = console.log): void {
  const { runtime, defaultDevice, devices, threads, checked } = getRuntimeInfo();
  print(`Runtime: ${runtime}`);
  print(`Default device: ${defaultDevice}`);
  print(`Threads: ${threads.count}${threads.reason ? ` (${threads.reason})` : ''}`);
  if (checked) print('Checked mode: each primitive checks its operands');
  for (const { name, dtypes, precision, reserved, maxMemory } of devices) {
    const held = precision === 'float32' ? '' : ` (float32 held as ${precision})`;
    const most = maxMemory === undefined ? '' : ` of at most ${(maxMemory / 2 ** 20).toFixed(1)} MiB`;
    print(`Device ${name}: ${dtypes.join(', ')}${held}; ${(reserved / 2 ** 20).toFixed(1)} MiB reserved${most}`);
  }
}
