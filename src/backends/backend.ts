/**
 * The seam between arrays and hardware. A backend computes the primitives (see `primitives.ts`) and keeps memory; some also
 * have threads, can be lost, or can prepare calls. Arrays call it; users do not.
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

/**
 * A product prepared to run many times on operands that stay where they are. The weight is packed as the kernel wants it, and
 * a run allocates nothing.
 */
export interface PreparedCall {
  /** The algorithm's name, as tables show it: 'winograd 6×6', 'packed product', 'depthwise', … */
  readonly algorithm: string;
  /** Bytes that the call keeps, the packed weight among them. */
  readonly bytes: number;
  /** Whether a run still reads the weight given at preparation; if not, its memory may be freed. */
  readonly readsWeight: boolean;
  /** Whether a run still reads the bias given at preparation. */
  readonly readsBias: boolean;
  run(): void;
  free(): void;
}

/** A device's memory now. */
export interface DeviceMemory {
  /** Bytes of live arrays. */
  bytes: number;
  /** Number of blocks those bytes are in. */
  blocks: number;
  /** Bytes taken from the system: live arrays, blocks pooled for reuse, and the backend's own. */
  reserved: number;
  /** Of `bytes`, those that were moved to the host because the device was short of memory; on `webgl`. */
  paged?: number;
}

/** A device: memory, and the primitives. */
export interface Backend extends Primitives {
  /** The name by which `toDevice`, `init` and options of arrays choose it. */
  readonly name: DeviceName;
  /** The dtypes that this backend can hold and compute. */
  readonly dtypes: readonly DType[];
  /** What prepared products can keep their weights as; without it, float32 alone. */
  readonly weightFormats?: readonly WeightFormat[];
  /** How precisely float32 arrays are held, where that may be less than float32: then 'float16' says so. */
  readonly precision?: Precision;

  /** Where work can be divided: the threads that do it now. */
  readonly threads?: ThreadUse;

  /** Where memory can be limited: the most bytes that it takes from the system. @throws MemoryError when set to less than it has taken. */
  maxMemory?: number;

  // Memory ---------------------------------------------------------------------------------------------------------

  /** `size` elements, of undefined content. Throws MemoryError when there is no room. */
  alloc(size: number, dtype: DType): Memory;
  /** Gives a block back. It is not used after that. */
  free(memory: Memory): void;
  /**
   * Where memory has addresses: a part of a block as memory of its own, from a byte on that is a multiple of 64. It is valid as
   * long as the block is, and not freed by itself.
   */
  slice?(memory: Memory, byteOffset: number, size: number, dtype: DType): Memory;
  /** Copies host data in; `data.length` is `memory.size`. */
  write(memory: Memory, data: TypedArray): void;
  /** A fresh host copy. Never blocks the calling thread where the device can be asynchronous. */
  read(memory: Memory): Promise<TypedArray>;
  /** A fresh host copy now; on a GPU this stalls until all work before it is done. */
  readSync(memory: Memory): TypedArray;
  /**
   * What is allocated now: bytes handed out, number of blocks, and bytes reserved from the system; where a device moves
   * arrays to the host when it is short of memory, how many of the bytes handed out are there.
   */
  stats(): DeviceMemory;
  /**
   * Where a device can lose its memory: keeps on the host a copy of the values of now, from which the blocks come back. It
   * is not renewed when they change. If one block cannot be read, all keep the copies of before.
   */
  keepHostCopies?(memories: readonly Memory[]): Promise<void>;
  /**
   * Where kernels are compiled when they are first used: compiles those that `work` calls, without running them: in `work`,
   * primitives change nothing, and what is read is not to be looked at.
   */
  warmUp?(work: () => void): Promise<void>;
  /** Where a device can be lost: resolves when it is there (again). */
  restored?(): Promise<void>;
  /**
   * Where a device notices faults that its calls do not report. Checked mode calls it after each primitive.
   *
   * @param primitive the primitive that has just run, for the message
   * @throws MemoryError, DeviceError or DeviceLostError for a fault since the last call.
   */
  verify?(primitive: string): void;

  // Preparation ----------------------------------------------------------------------------------------------------

  /**
   * Where a backend can do better knowing that `w` (and `bias`) will not change: prepares the call of {@link conv2d} with
   * these arguments. `x`, `out` and the residual are read at each run, and their `memory` may be exchanged between runs.
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
  /** The same for {@link matmul}, `b` being the weight. */
  prepareMatmul?(a: Tensor, b: Tensor, out: Tensor, options: MatmulOptions, format: WeightFormat): PreparedCall;
}
