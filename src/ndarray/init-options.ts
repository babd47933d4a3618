/** What {@link init} can be asked for, and what it refuses before it does anything. */
import type { DeviceName } from '../backends/backend.js';
import type { WasmBackendOptions } from '../backends/wasm/index.js';
import type { KernelSource } from '../backends/wasm/loader.js';
import type { WebglBackendOptions } from '../backends/webgl/options.js';
import { DeviceError, ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import type { ThreadCount } from '../platform/threads.js';

/** What `init` prepares. */
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
  /**
   * The most bytes that wasm memory may take, that of threads among it; beyond it stands a MemoryError. Arrays, compiled models and workspaces
   * of kernels lie there. It may be changed at any time, but memory that is taken cannot be given back: less than that is
   * refused. `init({ threads })` takes twice the memory for a moment, the first time. Default: as before, at first 4 GiB, which is the most there is.
   */
  maxMemory?: number;
}

const OPTIONS: Readonly<Record<keyof InitOptions, true>> = {
  device: true,
  threads: true,
  checked: true,
  maxMemory: true,
  wasm: true,
  convolution: true,
  winograd: true,
  canvas: true,
  memoryBudget: true,
  precision: true,
  keepWritten: true,
};

/**
 * Refuses options that do not exist, and values that they do not have: those would silently mean the default. What only a device can judge,
 * it judges when it is made.
 *
 * @throws TypeError for the name of an option, DeviceError for that of a device, ValueError for a value.
 */
export function checkInitOptions(options: InitOptions): void {
  checkOptions('init', options, OPTIONS);
  const { device = 'wasm', threads = 1, maxMemory = 1 } = options;
  if (device !== 'wasm' && device !== 'webgl')
    throw new DeviceError(`init: no device '${String(device)}'; there are 'wasm' and 'webgl'`);
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads > 0))
    throw new ValueError(`init({ threads }): ${inWords(threads)} is neither a positive integer nor 'auto'`);
  if (!(Number.isSafeInteger(maxMemory) && maxMemory > 0))
    throw new ValueError(`init({ maxMemory }): ${inWords(maxMemory)} is no number of bytes`);
  for (const name of ['checked', 'winograd', 'keepWritten'] as const)
    if (typeof (options[name] ?? true) !== 'boolean')
      throw new ValueError(`init({ ${name} }): ${inWords(options[name])} is neither true nor false`);
}
