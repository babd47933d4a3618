/** The options of {@link init}, and their checks. */
import type { DeviceName } from '../backends/backend.js';
import type { WasmBackendOptions } from '../backends/wasm/index.js';
import type { KernelSource } from '../backends/wasm/loader.js';
import type { WebglBackendOptions } from '../backends/webgl/options.js';
import { DeviceError, ValueError } from '../errors.js';
import { checkOptions, inWords } from '../options.js';
import type { ThreadCount } from '../platform/threads.js';

/** Options of `init`. */
export interface InitOptions extends WebglBackendOptions, WasmBackendOptions {
  /** The device on which new arrays are made from now on. Default: `wasm`. */
  device?: DeviceName;
  /**
   * The kernels, in place of those inlined in the package: one of `rensa/kernels/*.wasm` as a module, bytes, a response or its
   * URL. Only before the first computation on wasm. Default: the inlined ones.
   */
  wasm?: KernelSource;
  /**
   * The number of threads that compute on wasm; `'auto'` is one for each core. It may change at any time, and arrays stay valid. If
   * fewer threads can start, `getRuntimeInfo().threads` has their number and the reason. Default: the current number, at first 1.
   */
  threads?: ThreadCount;
  /**
   * Whether every primitive checks its operands: shapes, dtypes, reach, and the bytes around each block of memory. A violation
   * throws a MemoryError that names the primitive. For tests and bug reports: calls take several times as long. On Node, Deno and
   * Bun the environment variable RENSA_CHECKED=1 does the same from the start. Checked mode cannot end. Default: the current state,
   * at first false.
   */
  checked?: boolean;
  /**
   * The most bytes that wasm memory may take, with the memory of threads. An allocation beyond it throws a MemoryError. Arrays,
   * compiled models and workspaces of kernels lie in this memory. The limit may change at any time, but not below the memory in use,
   * which cannot be given back. The first `init({ threads })` takes twice the memory for a moment. Default: the current limit, at
   * first 4 GiB, which is the largest.
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
 * Checks the names and values of options: a wrong one would silently mean the default. A device checks further options when it is
 * made.
 *
 * @throws TypeError for an unknown option, DeviceError for an unknown device, ValueError for an invalid value.
 */
export function checkInitOptions(options: InitOptions): void {
  checkOptions('init', options, OPTIONS);
  const { device = 'wasm', threads = 1, maxMemory = 1 } = options;
  if (device !== 'wasm' && device !== 'webgl')
    throw new DeviceError(`init: no device '${String(device)}'; there are 'wasm' and 'webgl'`);
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads > 0))
    throw new ValueError(`init({ threads }): ${inWords(threads)} is neither a positive integer nor 'auto'`);
  if (!(Number.isSafeInteger(maxMemory) && maxMemory > 0))
    throw new ValueError(`init({ maxMemory }): ${inWords(maxMemory)} is not a number of bytes`);
  for (const name of ['checked', 'winograd', 'keepWritten'] as const)
    if (typeof (options[name] ?? true) !== 'boolean')
      throw new ValueError(`init({ ${name} }): ${inWords(options[name])} is neither true nor false`);
}
