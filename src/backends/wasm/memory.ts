/** A block of linear memory, as {@link Backend.alloc} hands it out. Knows whether it is alive; not what is in it. */
import { MemoryError } from '../../errors.js';
import type { DType, Memory, Tensor } from '../primitives.js';

/** A block with its address; an address of 0 means that it was freed. */
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
 * Where a tensor's elements begin. A call is prepared before the memory is there that each run exchanges: what stands for it
 * has no elements, and begins at 0.
 */
export function addressOf({ memory }: Tensor): number {
  return memory.size === 0 && !(memory instanceof WasmMemory) ? 0 : blockOf(memory).address;
}

/**
 * Looks for the memory of tensors before a call takes any of its own, which it would have to give back, and before it takes a view of
 * the heap: an array that waited on the host comes back when it is looked for, which may grow the heap and end its views.
 *
 * @throws MemoryError if one was freed.
 */
export function expectMemory(...tensors: readonly (Tensor | null | undefined)[]): void {
  for (const tensor of tensors) if (tensor) addressOf(tensor);
}
