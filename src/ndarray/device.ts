/** Which devices exist, and where new arrays go. The only file above the backends that names a concrete one. */
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
/** Makes a device check its calls; null where nobody asked for that. */
let check: ((device: Device) => void) | null = checkAtLoad;

function add(device: Device): Device {
  check?.(device);
  devices.set(device.name, device);
  return device;
}

/**
 * The device of a name, or the one on which new arrays are made. `wasm` exists at once; `webgl` after
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

/** Settled once the calls of {@link init} so far have been carried out. */
let turn: Promise<unknown> = Promise.resolve();
let calls = 0;
/** The call that chose the default device. */
let chosenBy = 0;

/**
 * Prepares a device and makes it the default one. Programs that only use wasm need not call it. The WebGL2 backend is
 * loaded by dynamic import, so a bundle that never asks for it does not carry it. Options of the device count at its first
 * call; later ones wait until a device that was lost is there again.
 *
 * Calls that are not awaited are carried out one after the other, in the order in which they were made, also behind one that
 * fails. So the last call decides the default device and the threads.
 *
 * @throws DeviceError if there is no such device, if it is missing here, or lacks a feature: it says which; if `wasm` is given and cannot be
 *   compiled; if `wasm`, `convolution` or `winograd` come too late. ValueError for a value that an option does not have, such as
 *   `threads: 0`. TypeError for an option that does not exist. MemoryError if `maxMemory` is less than what is taken already.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  checkInitOptions(options);
  const call = ++calls;
  const prepared = turn.then(() => prepare(options));
  turn = prepared.catch(() => {});
  const device = await prepared;
  // The next call need not wait for this: a device that was lost may never come back.
  await device.restored?.();
  if (call < chosenBy) return;
  chosenBy = call;
  current = device;
}

/** Does what the options say, except for the choice of the default device. */
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

/** The device of a name, made at its first use. One that was lost is waited for. */
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
