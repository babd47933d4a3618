/**
 * Calls whose arguments are written once and run many times. A call owns a block of memory with its record and what it
 * keeps of the weight; room to work in it shares with all others, because no two run at the same time. Knows no kernel.
 */
import { MemoryError } from '../../errors.js';
import type { PreparedCall } from '../backend.js';
import type { Tensor } from '../primitives.js';
import type { Heap } from './heap.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';

/** One block of memory, as large as the largest need of those who share it; gone when nobody does. */
export class Arena {
  readonly #heap: Heap;
  #users = 0;
  #bytes = 0;
  #address = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Where the block begins now: it moves when it grows. */
  get address(): number {
    return this.#address;
  }

  /** Counts a user who needs so many bytes. */
  retain(bytes: number): void {
    if (bytes > this.#bytes || this.#users === 0) {
      const address = this.#heap.alloc(bytes);
      if (this.#users > 0) this.#heap.free(this.#address);
      this.#address = address;
      this.#bytes = bytes;
    }
    this.#users++;
  }

  /** Takes a user back. */
  release(): void {
    if (--this.#users > 0) return;
    this.#heap.free(this.#address);
    this.#bytes = 0;
  }
}

/** A word of a record that is the address of a tensor's elements. */
export interface Operand {
  readonly word: number;
  readonly tensor: Tensor;
}

/** What a prepared call is made of. */
export interface PreparedParts {
  readonly algorithm: string;
  readonly readsWeight: boolean;
  readonly kernel: (record: number) => void;
  /** The block that the call owns; its record is at the start. */
  readonly block: number;
  readonly bytes: number;
  /** What is looked up again for each run. */
  readonly operands: readonly Operand[];
  /** Words of the record that are places in the arena, which was retained for this call; they hold such addresses now. */
  readonly rooms: readonly number[];
}

/** A kernel with its record. A run writes a few words and allocates nothing. */
export class PreparedKernel implements PreparedCall {
  readonly algorithm: string;
  readonly readsWeight: boolean;
  readonly readsBias = false;
  readonly bytes: number;
  readonly #machine: Machine;
  readonly #kernel: (record: number) => void;
  readonly #operands: readonly Operand[];
  readonly #rooms: readonly number[];
  #block: number;
  /** Where the arena was when the record was last right. */
  #arena: number;

  constructor(machine: Machine, { algorithm, readsWeight, kernel, block, bytes, operands, rooms }: PreparedParts) {
    this.algorithm = algorithm;
    this.readsWeight = readsWeight;
    this.bytes = bytes;
    this.#machine = machine;
    this.#kernel = kernel;
    this.#block = block;
    this.#operands = operands;
    this.#rooms = rooms;
    this.#arena = machine.arena.address;
  }

  run(): void {
    if (this.#block === 0)
      throw new MemoryError(`wasm: a prepared call (${this.algorithm}) was run after it was freed`);
    const { heap, arena } = this.#machine;
    const words = heap.u32;
    const first = this.#block >> 2;
    for (let i = 0; i < this.#operands.length; i++) {
      words[first + this.#operands[i].word] = addressOf(this.#operands[i].tensor);
    }
    if (arena.address !== this.#arena) {
      for (let i = 0; i < this.#rooms.length; i++) words[first + this.#rooms[i]] += arena.address - this.#arena;
      this.#arena = arena.address;
    }
    this.#kernel(this.#block);
  }

  free(): void {
    if (this.#block === 0) return;
    this.#machine.heap.free(this.#block);
    this.#machine.arena.release();
    this.#block = 0;
  }
}

/** The call of a product whose result has no elements. */
export const NOTHING_TO_DO: PreparedCall = {
  algorithm: 'nothing',
  bytes: 0,
  readsWeight: false,
  readsBias: false,
  run() {},
  free() {},
};
