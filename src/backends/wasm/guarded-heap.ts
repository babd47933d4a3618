/**
 * Guards around the blocks of a heap, for checked mode. A guard is a pattern of bytes before or behind a block, which no kernel may
 * change. Guards are verified after each call and when the block is freed. A slice of a block has no guards; instead, the bytes
 * beside it are compared before and after each call. Every block is filled with poison when it is allocated and when it is
 * freed, so that reading undefined memory gives conspicuous values.
 *
 *     | header | guard: 64 bytes | payload: the bytes asked for | guard: 64 bytes | … header of the next block
 */
import { MemoryError } from '../../errors.js';
import type { Guards } from '../guards.js';
import type { Memory } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import type { Heap } from './heap.js';
import type { WasmBackend } from './index.js';
import { blockOf } from './memory.js';

/** Bytes of a guard. It is a multiple of 64, so that the addresses of payloads stay multiples of 64. */
const GUARD = 64;

/** The byte of a guard at an address. It depends on the address, so bytes copied from another guard are noticed too. */
const patternAt = (address: number): number => (address * 37 + 0xa5) & 0xff;

/** The byte that fills a block when it is allocated or freed: NaN in float arrays, −1 in int32. */
const POISON = 0xff;

/** A live block. */
interface Guarded {
  /** Bytes that were requested. */
  readonly bytes: number;
  /** Whether the block holds arrays. Otherwise it is a kernel's workspace or a prepared call's record. */
  readonly holdsArrays: boolean;
}

/** Bytes beside a slice of a block, as they were before a call. */
interface Edge {
  /** The address of the first byte. */
  readonly begin: number;
  readonly bytes: Uint8Array;
}

/** The guards of one backend's heap. */
export class HeapGuards implements Guards {
  readonly #heap: Heap;
  readonly #blocks = new Map<number, Guarded>();
  readonly #edges: Edge[] = [];
  /** The name of the current or last call. */
  #call = 'the start';
  /** Whether the current allocation is for an array. */
  #forArrays = false;

  /** Guards every block that is allocated from now on. */
  constructor(backend: WasmBackend) {
    const { heap } = backend.machine;
    this.#heap = heap;
    const [alloc, free, allocArray] = [heap.alloc.bind(heap), heap.free.bind(heap), backend.alloc.bind(backend)];
    heap.alloc = (bytes) => {
      if (!(bytes >= 0)) return alloc(bytes); // throws
      const address = alloc(bytes + 2 * GUARD) + GUARD;
      this.#blocks.set(address, { bytes, holdsArrays: this.#forArrays });
      for (const guard of [address - GUARD, address + bytes]) {
        for (let at = guard; at < guard + GUARD; at++) heap.u8[at] = patternAt(at);
      }
      heap.u8.fill(POISON, address, address + bytes);
      return address;
    };
    heap.free = (address) => {
      const block = this.#blocks.get(address);
      if (!block) return free(address); // the block is older than the guards, or does not exist
      this.#blocks.delete(address);
      this.#verify(address, block);
      heap.u8.fill(POISON, address, address + block.bytes);
      free(address - GUARD);
    };
    backend.alloc = (size, dtype) => {
      this.#forArrays = true;
      try {
        return allocArray(size, dtype);
      } finally {
        this.#forArrays = false;
      }
    };
    // Statistics count the bytes that the program requested.
    const { bytes } = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(heap));
    Object.defineProperty(heap, 'bytes', { get: () => bytes.get?.call(heap) - 2 * GUARD * this.#blocks.size });
  }

  enter(call: string, filled: readonly Memory[]): void {
    this.#call = call;
    this.#edges.length = 0;
    const slices = filled.map((memory) => {
      const { address } = blockOf(memory);
      return { address, end: address + memory.size * ITEM_SIZES[memory.dtype] };
    });
    const { u8 } = this.#heap;
    for (const { address, end } of slices) {
      if (this.#blocks.has(address)) continue;
      const others = slices.filter((other) => other.address !== address);
      // The call may also fill another slice beside this one: then only the bytes between the two must not change.
      const from = Math.max(address - GUARD, 0, ...others.map((other) => other.end).filter((at) => at <= address));
      const to = Math.min(end + GUARD, u8.length, ...others.map((other) => other.address).filter((at) => at >= end));
      this.#edges.push({ begin: from, bytes: u8.slice(from, address) }, { begin: end, bytes: u8.slice(end, to) });
    }
  }

  leave(operands: readonly Memory[]): void {
    for (const memory of operands) {
      const { address } = blockOf(memory);
      const block = this.#blocks.get(address);
      if (block) this.#verify(address, block);
    }
    for (const { begin, bytes } of this.#edges) {
      const at = bytes.findIndex((byte, i) => this.#heap.u8[begin + i] !== byte);
      if (at >= 0) this.#fail('a part of a block', `byte ${begin + at} changed beside it`);
    }
    for (const [address, block] of this.#blocks) if (!block.holdsArrays) this.#verify(address, block);
  }

  verifyAll(): void {
    for (const [address, block] of this.#blocks) this.#verify(address, block);
  }

  #verify(address: number, { bytes, holdsArrays }: Guarded): void {
    const { u8 } = this.#heap;
    const end = address + bytes;
    for (let i = 0; i < GUARD; i++) {
      for (const at of [address - 1 - i, end + i]) {
        if (u8[at] === patternAt(at)) continue;
        const where = at < address ? `${address - at} before its begin` : `${at - end + 1} behind its end`;
        const what = holdsArrays ? 'an array' : 'a workspace of kernels';
        this.#fail(what, `byte ${where} changed; its block has ${bytes} bytes at address ${address}`);
      }
    }
  }

  #fail(what: string, where: string): never {
    throw new MemoryError(`checked mode: ${this.#call}: memory was overwritten outside ${what}: ${where}`);
  }
}
