/** Blocks of linear memory: what the backend hands out as {@link Memory}, and how a tensor's address is found. */
import { MemoryError } from '../../errors.js';
import type { Backend } from '../backend.js';
import type { DType, Memory, Tensor, TypedArray } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { toElement, VIEWS } from './dtypes.js';
import type { Heap } from './heap.js';

/** A block with its address; the address 0 means that the block was freed. */
export class WasmMemory implements Memory {
  constructor(
    readonly dtype: DType,
    readonly size: number,
    public address: number,
  ) {}
}

/**
 * The block behind an opaque {@link Memory}.
 *
 * @throws MemoryError if it was freed, or belongs to another device.
 */
export function blockOf(memory: Memory): WasmMemory {
  if (memory instanceof WasmMemory && memory.address !== 0) return memory;
  const what = `${memory.size} elements of ${memory.dtype}`;
  throw new MemoryError(
    memory instanceof WasmMemory
      ? `wasm: memory of ${what} was used after it was freed`
      : `wasm: memory of ${what} belongs to another device`,
  );
}

/**
 * The address of a tensor's first element. While a call is prepared, a tensor whose memory each run exchanges has a placeholder
 * for its memory: the placeholder has no elements, and its address is 0.
 */
export function addressOf({ memory }: Tensor): number {
  return memory.size === 0 && !(memory instanceof WasmMemory) ? 0 : blockOf(memory).address;
}

/**
 * Looks up the memory of tensors. A call does so before it allocates memory of its own, which it would have to free if a tensor
 * had none, and before it takes a view of the heap: an array that was paged out to the host comes back when it is looked up, which
 * may grow the heap and detach its views.
 *
 * @throws MemoryError if a tensor's memory was freed.
 */
export function expectMemory(...tensors: readonly (Tensor | null | undefined)[]): void {
  for (const tensor of tensors) if (tensor) addressOf(tensor);
}

/** Sets every element of a tensor. */
export function fillElements(heap: Heap, out: Tensor, value: number): void {
  const begin = addressOf(out) / ITEM_SIZES[out.dtype];
  VIEWS[out.dtype](heap).fill(toElement(value, out.dtype), begin, begin + out.memory.size);
}

type Blocks = 'alloc' | 'free' | 'slice' | 'write' | 'read' | 'readSync' | 'stats';

/** The members of a backend that allocate, fill and read blocks of a heap. */
export function blocks(heap: Heap): Required<Pick<Backend, Blocks>> {
  const read = (memory: Memory): TypedArray => {
    const begin = blockOf(memory).address / ITEM_SIZES[memory.dtype];
    return VIEWS[memory.dtype](heap).slice(begin, begin + memory.size);
  };
  return {
    alloc: (size, dtype) => new WasmMemory(dtype, size, heap.alloc(size * ITEM_SIZES[dtype])),

    free(memory) {
      const block = blockOf(memory);
      heap.free(block.address);
      block.address = 0;
    },

    slice: (memory, byteOffset, size, dtype) => new WasmMemory(dtype, size, blockOf(memory).address + byteOffset),

    write(memory, data) {
      // An array whose buffer was transferred is empty too, and engines refuse to copy from it.
      if (data.length === 0) return;
      VIEWS[memory.dtype](heap).set(data, blockOf(memory).address / ITEM_SIZES[memory.dtype]);
    },

    read: async (memory) => read(memory),

    readSync: read,

    stats: () => ({ bytes: heap.bytes, blocks: heap.blocks, reserved: heap.reserved }),
  };
}
