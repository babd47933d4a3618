/** The kernels, the heap, and a small fixed area of memory through which arguments reach the kernels. */
import type { DType } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { Arena } from './arena.js';
import { toElement, VIEWS } from './dtypes.js';
import { Heap } from './heap.js';
import { instantiate, type Kernels, MAXIMUM_PAGES } from './loader.js';
import { ODOMETER_BYTES } from './loop-nest.js';
import type { Variant } from './variant.js';

/**
 * The fixed area, by offset in bytes. A call uses each field at most once, and no field keeps its value after a call.
 *
 *     0      128      144      256          ODOMETER_1   ARGUMENTS   4096
 *     | rows | number | number | odometer 0 | odometer 1 | arguments |
 */
const ROWS = 0;
const NUMBERS = 128;
const ODOMETER_0 = 256;
const ODOMETER_1 = ODOMETER_0 + Math.ceil(ODOMETER_BYTES / 64) * 64;
const ARGUMENTS = ODOMETER_1 + Math.ceil(ODOMETER_BYTES / 64) * 64;
const SCRATCH_BYTES = 4096;

/** The sizes of blocks and tiles of products, in elements: see assembly/gemm/blocking.ts. */
export interface Blocking {
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of a block of A, columns of a block of B, and the length of their sums. */
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** The state that all families of primitives share. */
export class Machine {
  readonly variant: Variant;
  /** Read at each call and never kept, since threads replace the kernels when they come or go. */
  kernels: Kernels;
  readonly heap: Heap;
  readonly blocking: Blocking;
  /** The memory that prepared calls work in. */
  readonly arena: Arena;
  /** Address of 128 bytes for two scalar operands of a row. */
  readonly rows: number;
  /** Addresses of two odometers. */
  readonly odometers: readonly [number, number];
  /** Address of the record of a kernel's arguments: 2176 bytes. */
  readonly arguments: number;
  readonly #numbers: number;

  constructor(variant: Variant) {
    const { kernels, memory } = instantiate(variant);
    const scratch = Math.ceil(kernels.heapBase() / 64) * 64;
    this.variant = variant;
    this.kernels = kernels;
    this.heap = new Heap(memory, scratch + SCRATCH_BYTES, MAXIMUM_PAGES);
    this.arena = new Arena(this.heap);
    this.blocking = {
      tileRows: kernels.tileRows(),
      tileColumns: kernels.tileColumns(),
      rows: kernels.blockRows(),
      columns: kernels.blockColumns(),
      depth: kernels.blockDepth(),
    };
    this.rows = scratch + ROWS;
    this.#numbers = scratch + NUMBERS;
    this.odometers = [scratch + ODOMETER_0, scratch + ODOMETER_1];
    this.arguments = scratch + ARGUMENTS;
  }

  /** Writes a number to one of two fixed places in memory, as an element, and returns its address. */
  number(place: 0 | 1, value: number, dtype: DType): number {
    const address = this.#numbers + 16 * place;
    VIEWS[dtype](this.heap)[address / ITEM_SIZES[dtype]] = toElement(value, dtype);
    return address;
  }
}
