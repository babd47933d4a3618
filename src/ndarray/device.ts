/** Which devices exist, and where new arrays go. The only file above the backends that names a concrete one. */
import type { Backend, DeviceName, ThreadCount, ThreadUse } from '../backends/backend.js';
import { createWasmBackend, type WasmBackendOptions } from '../backends/wasm/index.js';
import { type KernelSource, supplyKernels } from '../backends/wasm/loader.js';
import { startThreads } from '../backends/wasm/start-threads.js';
import type { WebglBackendOptions } from '../backends/webgl/index.js';
import { DeviceError } from '../errors.js';
import { checkOptions } from '../options.js';
import { checkAtLoad } from './checked-at-load.js';
import { isRecording } from './recording.js';
import { readsByCopy } from './storage.js';

export type { DeviceName } from '../backends/backend.js';

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
        : `no device '${String(name)}'; there are 'wasm' and 'webgl'`,
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

/**
 * Whether reading an array back costs only a copy, so that labels and indices can be checked by looking at them. Not while a
 * computation is recorded: the labels of later runs are not known.
 */
export function isHostMemory(device: Device): boolean {
  return readsByCopy(device) && !isRecording();
}

/** What {@link init} prepares. */
export interface InitOptions extends WebglBackendOptions, WasmBackendOptions {
  /** The device on which new arrays are made from now on. Default: `wasm`. */
  device?: DeviceName;
  /**
   * The kernels, where the package should not compile those inlined in it: one of `rensa/kernels/*.wasm` as a module,
   * bytes, a response or its URL. Only before anything is computed on wasm. Default: the package's own.
   */
  wasm?: KernelSource;
  /**
   * How many threads compute on wasm, or `'auto'` for as many as there are cores; at any time, whatever arrays there are.
   * Fewer are used where they cannot be had: `getRuntimeInfo().threads` says how many, and why. Default: those of before,
   * which is one at first.
   */
  threads?: ThreadCount;
  /**
   * Whether every primitive checks its operands: their shapes, dtypes and reach, and the bytes around each block of memory. A violation
   * throws a MemoryError that names the primitive. For tests and for reports of faults: calls take several times as long. On Node, Deno and
   * Bun the environment variable RENSA_CHECKED=1 does the same from the start. It cannot be ended. Default: as before, at first false.
   */
  checked?: boolean;
}

const OPTIONS: Readonly<Record<keyof InitOptions, true>> = {
  device: true,
  threads: true,
  checked: true,
  wasm: true,
  convolution: true,
  winograd: true,
  canvas: true,
  memoryBudget: true,
  precision: true,
  keepWritten: true,
};

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
 *   compiled; if `wasm`, `convolution` or `winograd` come too late. ValueError if `threads` is no positive integer. TypeError for an option
 *   that does not exist.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  checkOptions('init', options, OPTIONS);
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
