/**
 * The wasm backend: the kernels of assembly/ on one linear memory. Each family of primitives has a file, which writes the
 * kernels' arguments. The backend is ready as soon as it is made, in every JavaScript engine with WebAssembly SIMD.
 */
import type { ThreadUse } from '../../platform/threads.js';
import type { Backend } from '../backend.js';
import { type ConvolutionAlgorithm, checkAlgorithm } from './conv/algorithms.js';
import { conv } from './conv/conv.js';
import { copy } from './copy.js';
import { elementwise } from './elementwise.js';
import { gemm } from './gemm.js';
import { bestVariant } from './loader.js';
import { Machine } from './machine.js';
import { blocks } from './memory.js';
import { normalize } from './normalize.js';
import { pool } from './pool.js';
import { random } from './random.js';
import { reduce } from './reduce.js';
import { update } from './update.js';
import type { Variant } from './variant.js';

/** Options of the backend. */
export interface WasmBackendOptions {
  /**
   * wasm: the algorithm that computes every convolution that it can compute, for tests and measurements. Only before anything is
   * computed. Default: the algorithm that a cost model finds cheapest for the shape.
   */
  readonly convolution?: ConvolutionAlgorithm;
  /**
   * wasm: whether Winograd's algorithm may compute convolutions of 3×3 filters. It needs up to 5 times fewer multiplications, but it
   * rounds more, and it spreads a NaN or an infinity to all outputs of a tile. false: NaN and ±∞ reach only the outputs whose windows
   * contain them, as in Chainer. Only before anything is computed. Default: true.
   */
  readonly winograd?: boolean;
}

/** Members that are optional in the seam, and present here. */
type Offered = 'slice' | 'prepareConv2d' | 'prepareMatmul';

/** The backend, with the machine, which threads and checked mode change. */
export type WasmBackend = Backend &
  Required<Pick<Backend, Offered>> & { readonly machine: Machine; threads: ThreadUse };

/** Whether a device is this backend. */
export const isWasmBackend = (device: Backend): device is WasmBackend => 'machine' in device;

/** The accessor `maxMemory`. All backends share its functions: with functions of its own, V8 would make a backend a dictionary. */
const MAX_MEMORY: PropertyDescriptor & ThisType<WasmBackend> = {
  get() {
    return this.machine.heap.limit;
  },
  set(bytes: number) {
    this.machine.heap.limit = bytes;
  },
  enumerable: true,
  configurable: true,
};

/**
 * Makes a wasm backend, with a memory of its own.
 *
 * @param variant the build of the kernels; default: the best that the engine can run.
 * @throws DeviceError if the engine has no WebAssembly SIMD, or may not compile; if an option names no algorithm.
 */
export function createWasmBackend(
  variant: Variant = bestVariant(),
  { convolution, winograd }: WasmBackendOptions = {},
): WasmBackend {
  checkAlgorithm(convolution);
  const machine = new Machine(variant);
  const backend: WasmBackend = {
    name: 'wasm',
    dtypes: ['float32', 'float64', 'int32', 'uint8', 'bool'],
    weightFormats: ['float32', 'float16', 'int8'],
    machine,
    /** Set by start-threads.ts. */
    threads: { count: 1, reason: 'none were asked for' },
    ...blocks(machine.heap),
    ...elementwise(machine),
    ...reduce(machine),
    ...normalize(machine),
    ...copy(machine),
    ...gemm(machine),
    ...conv(machine, { convolution, winograd }),
    ...pool(machine),
    ...random(machine),
    ...update(machine),
  };
  return Object.defineProperty(backend, 'maxMemory', MAX_MEMORY);
}
