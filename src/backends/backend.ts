/**
 * The seam between arrays and hardware. A backend computes the primitives (see `primitives.ts`) and keeps memory. Some backends also
 * have threads, survive the loss of their device, or prepare calls. Arrays call backends; users do not.
 */
import type { ThreadUse } from '../platform/threads.js';
import type {
  Conv2dGeometry,
  DType,
  Epilogue,
  MatmulOptions,
  Memory,
  Primitives,
  Tensor,
  TypedArray,
} from './primitives.js';

/** The devices that can hold arrays. */
export type DeviceName = 'wasm' | 'webgl';

/** The precision in which a device stores the elements of float32 arrays. */
export type Precision = 'float32' | 'float16';

/** The format in which a prepared product keeps its constant operand. */
export type WeightFormat = 'float32' | 'float16' | 'int8';

/** A product prepared to run many times on the same operands. The weight is packed for its kernel, and a run allocates nothing. */
export interface PreparedCall {
  /** The name of the algorithm, for tables: 'winograd 6×6', 'packed product', 'depthwise', … */
  readonly algorithm: string;
  /** Bytes that the call keeps, with the packed weight. */
  readonly bytes: number;
  /** Whether a run reads the original weight. If not, the caller may free the weight. */
  readonly readsWeight: boolean;
  /** Whether a run reads the original bias. If not, the caller may free the bias. */
  readonly readsBias: boolean;
  run(): void;
  free(): void;
}

/** The memory that a device uses at the time of the call. */
export interface DeviceMemory {
  /** Bytes of live arrays. */
  bytes: number;
  /** Number of blocks of live arrays. */
  blocks: number;
  /** Bytes taken from the system: live arrays, blocks pooled for reuse, and the backend's own. */
  reserved: number;
  /** Bytes of live arrays that moved to the host because the device was short of memory. On `webgl` alone. */
  paged?: number;
}

/** A device: its memory and the primitives. Optional members stand for what only some devices can do. */
export interface Backend extends Primitives {
  /** The name by which `toDevice`, `init` and the options of arrays choose the device. */
  readonly name: DeviceName;
  /** The dtypes that the device holds and computes. */
  readonly dtypes: readonly DType[];
  /** The formats in which prepared products can keep their weights. Default: float32 alone. */
  readonly weightFormats?: readonly WeightFormat[];
  /** The precision in which the device stores float32 arrays. Default: 'float32'. */
  readonly precision?: Precision;

  /** Optional. The threads in use. */
  readonly threads?: ThreadUse;

  /** Optional. The most bytes that the device may take from the system. @throws MemoryError when set to less than it has taken. */
  maxMemory?: number;

  // Memory ---------------------------------------------------------------------------------------------------------

  /** Takes a block of `size` elements, whose content is undefined. @throws MemoryError if memory is short. */
  alloc(size: number, dtype: DType): Memory;
  /** Gives a block back. Nothing may use the block afterwards. */
  free(memory: Memory): void;
  /**
   * Optional. A view of part of a block; `byteOffset` is a multiple of 64. The view is valid as long as the block, and is never freed
   * by itself.
   */
  slice?(memory: Memory, byteOffset: number, size: number, dtype: DType): Memory;
  /** Copies host data into a block; `data.length` is `memory.size`. */
  write(memory: Memory, data: TypedArray): void;
  /** Copies a block to the host. The calling thread does not wait if the device can work asynchronously. */
  read(memory: Memory): Promise<TypedArray>;
  /** Copies a block to the host at once. On a GPU, the calling thread waits until all earlier work is done. */
  readSync(memory: Memory): TypedArray;
  /** The memory in use. */
  stats(): DeviceMemory;
  /**
   * Optional, for a device that can lose its memory. Keeps a host copy of the current values, from which the blocks come back. The copy
   * does not follow later changes. If one block cannot be read, all blocks keep their earlier copies.
   */
  keepHostCopies?(memories: readonly Memory[]): Promise<void>;
  /**
   * Optional, for a device that compiles kernels at their first use. Compiles the kernels that `work` calls, and runs none of them:
   * primitives in `work` change nothing, and values read in `work` mean nothing.
   */
  warmUp?(work: () => void): Promise<void>;
  /** Optional, for a device that can be lost. Resolves when the device is available. */
  restored?(): Promise<void>;
  /**
   * Optional, for a device whose calls do not report all faults. Checked mode calls this after each primitive.
   *
   * @param primitive the primitive that has just run, for the message
   * @throws MemoryError, DeviceError or DeviceLostError for a fault since the last call.
   */
  verify?(primitive: string): void;

  // Preparation ----------------------------------------------------------------------------------------------------

  /**
   * Optional. Prepares a call of {@link conv2d} whose `w` and `bias` do not change. Each run looks up `x`, `out` and the residual anew:
   * the caller may exchange their `memory` between runs.
   */
  prepareConv2d?(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    geometry: Conv2dGeometry,
    out: Tensor,
    epilogue: Epilogue,
    format: WeightFormat,
  ): PreparedCall;
  /** Optional. As {@link prepareConv2d}, for {@link matmul}; `b` is the weight. */
  prepareMatmul?(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, format: WeightFormat): PreparedCall;
}
