/** The devices, and the default device of new arrays. The only file above the backends that imports a concrete one. */
import type { Backend, DeviceName } from '../backends/backend.js';
import { createWasmBackend } from '../backends/wasm/index.js';
import { supplyKernels } from '../backends/wasm/loader.js';
import { startThreads } from '../backends/wasm/start-threads.js';
import type { WebglBackendOptions } from '../backends/webgl/index.js';
import { DeviceError } from '../errors.js';
import { inWords } from '../options.js';
import type { ThreadUse } from '../platform/threads.js';
import { checkAtLoad } from './checked-at-load.js';
import { checkInitOptions, type InitOptions } from './init-options.js';

export type { DeviceName } from '../backends/backend.js';
export type { InitOptions } from './init-options.js';

/** A device is the backend that computes on it. */
export type Device = Backend;

const devices = new Map<DeviceName, Device>();
let current: Device | undefined;
/** Puts a device into checked mode; null if no program asked for it. */
let check: ((device: Device) => void) | null = checkAtLoad;

function add(device: Device): Device {
  check?.(device);
  devices.set(device.name, device);
  return device;
}

/**
 * The device of a name, by default the device of new arrays. `wasm` exists from the start; `webgl` exists after
 * `await init({ device: 'webgl' })`.
 *
 * @throws DeviceError if there is no device of that name, or if it has not been initialised.
 */
export function getDevice(name?: DeviceName): Device {
  if (name === undefined) {
    current ??= getDevice('wasm');
    return current;
  }
  const device = devices.get(name) ?? (name === 'wasm' && add(createWasmBackend()));
  if (!device) {
    throw new DeviceError(
      name === 'webgl'
        ? "device 'webgl' is not ready: await init({ device: 'webgl' }) first"
        : `no device '${inWords(name)}'; there are 'wasm' and 'webgl'`,
    );
  }
  return device;
}

/** The threads that compute on wasm. */
export function threadsInUse(): ThreadUse {
  return devices.get('wasm')?.threads ?? { count: 1, reason: 'none were asked for' };
}

/** Whether primitives check their operands. */
export function isChecked(): boolean {
  return check !== null;
}

/** The devices in use, for statistics. */
export function activeDevices(): Device[] {
  return [...devices.values()];
}

/** Settles when all earlier calls of {@link init} have ended. */
let turn: Promise<unknown> = Promise.resolve();
let calls = 0;
/** The number of the call that chose the default device. */
let chosenBy = 0;

/**
 * Prepares a device and makes it the default one. Programs that only use wasm need not call it. The WebGL2 backend is loaded by
 * dynamic import, so that other bundles do not carry it. A device takes its options at the first call for it. Later calls wait
 * until a lost device is restored.
 *
 * Calls that are not awaited run one after the other, in the order in which they were made, even if one fails. So the last call
 * decides the default device and the threads.
 *
 * @throws DeviceError if there is no such device, if it is missing here or lacks a feature, which the error names; if `wasm` is given
 *   and cannot be compiled; if `wasm`, `convolution` or `winograd` come after the first computation. ValueError for an invalid value
 *   such as `threads: 0`. TypeError for an unknown option. MemoryError if `maxMemory` is less than the memory in use.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  checkInitOptions(options);
  const call = ++calls;
  const prepared = turn.then(() => prepare(options));
  turn = prepared.catch(() => {});
  const device = await prepared;
  // The next call does not wait for this: a lost device may never come back.
  await device.restored?.();
  if (call < chosenBy) return;
  chosenBy = call;
  current = device;
}

/** Carries the options out, except for the choice of the default device. */
async function prepare({
  device = 'wasm',
  wasm,
  convolution,
  winograd,
  threads,
  checked,
  maxMemory,
  ...webgl
}: InitOptions): Promise<Device> {
  if (checked && !check) {
    const { checkDevice } = await import('./checked-mode.js');
    check = checkDevice;
    for (const existing of devices.values()) check(existing);
  }
  if (wasm !== undefined) {
    if (devices.has('wasm'))
      throw new DeviceError('init({ wasm }): the kernels already run; supply them before first use');
    await supplyKernels(wasm);
  }
  if (convolution !== undefined || winograd !== undefined) {
    if (devices.has('wasm'))
      throw new DeviceError('init({ convolution, winograd }): the kernels already run; choose before first use');
    add(createWasmBackend(undefined, { convolution, winograd }));
  }
  if (maxMemory !== undefined) getDevice('wasm').maxMemory = maxMemory;
  const made = await makeDevice(device, webgl);
  if (threads !== undefined) await startThreads(getDevice('wasm'), threads);
  return made;
}

/** The device of a name, made at its first use. If it is lost, the promise waits until it is restored. */
export async function prepareDevice(name: DeviceName): Promise<Device> {
  const device = await makeDevice(name, {});
  await device.restored?.();
  return device;
}

async function makeDevice(name: DeviceName, options: WebglBackendOptions): Promise<Device> {
  if (name === 'webgl' && !devices.has('webgl')) {
    const { createWebglBackend } = await import('../backends/webgl/index.js');
    // Another call may have finished while this one was loading.
    if (!devices.has('webgl')) add(createWebglBackend(options));
  }
  return getDevice(name);
}

/** Runs `fn` with another default device and restores the old one, also when `fn` throws. */
export function usingDevice<T>(name: DeviceName, fn: () => T): T {
  const before = current;
  current = getDevice(name);
  try {
    return fn();
  } finally {
    current = before;
  }
}
