/** Kernels, heap, and the small fixed area of memory through which descriptors reach the kernels. */
import type { DType } from '../primitives.js';
import { ITEM_SIZES, toElement, VIEWS } from './dtypes.js';
import { Heap } from './heap.js';
import { instantiate, type Kernels, MAXIMUM_PAGES } from './loader.js';
import { Arena } from './prepared.js';
import type { Variant } from './variant.js';

/**
 * The fixed area, by offset. One call uses each part at most once, and none survives a call.
 *
 *     0      128      144      256            1536           2816          4096
 *     | rows | number | number | odometer 0   | odometer 1   | arguments   |
 */
const ROWS = 0;
const NUMBERS = 128;
const ODOMETERS = 256;
const ODOMETER_BYTES = 1280;
const ARGUMENTS = ODOMETERS + 2 * ODOMETER_BYTES;
const SCRATCH_BYTES = 4096;

/** How products are cut, in elements: what the kernels' assembly/gemm/blocking.ts says. */
export interface Blocking {
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of a block of A, columns of a block of B, and the length of both's sums. */
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** What every family of primitives works with. */
export class Machine {
  readonly variant: Variant;
  /** Asked for at each call, never kept: they are exchanged when threads come or go. */
  kernels: Kernels;
  readonly heap: Heap;
  readonly blocking: Blocking;
  /** Room to work in that prepared calls share. */
  readonly arena: Arena;
  /** Room for two operands of a row that are one element each: 128 bytes. */
  readonly rows: number;
  /** Room for two odometers. */
  readonly odometers: readonly [number, number];
  /** Room for a kernel's arguments: 1280 bytes. */
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
    this.odometers = [scratch + ODOMETERS, scratch + ODOMETERS + ODOMETER_BYTES];
    this.arguments = scratch + ARGUMENTS;
  }

  /** Writes a number where a kernel can read it as an element; there are two such places. */
  number(place: 0 | 1, value: number, dtype: DType): number {
    const address = this.#numbers + 16 * place;
    VIEWS[dtype](this.heap)[address / ITEM_SIZES[dtype]] = toElement(value, dtype);
    return address;
  }
}
