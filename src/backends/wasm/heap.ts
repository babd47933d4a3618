/**
 * The allocator of one linear memory. A block consists of whole granules of 64 bytes, and its payload begins at a granule. The heap
 * finds a free block in constant time in nearly all cases, and merges a freed block with its free neighbours. Memory grows only
 * if no free block is large enough. See `memory.ts` for blocks with a dtype.
 *
 *     granule   b               b+1             b+2                         b+size
 *               |           |hhh|ppppppppppppppp|ppppppppppp … ppppppppp|   |hhh of the next block
 *                       48 ^    ^ payload: size·64 − 16 bytes
 *
 * A header h has four words. The first is size·4 + state; the size is in granules. The second is the number of the block before it
 * in memory. For a free block, the third and the fourth are the next and the previous block of its list. For a live block, the
 * third is the number of bytes that were requested.
 */
import { MemoryError } from '../../errors.js';
import { FreeLists, listOf } from './free-lists.js';

const GRANULE_BITS = 6;
const GRANULE = 1 << GRANULE_BITS;
const HEADER = 16;
const PAGE = 65_536;

/** States of a block, in the two low bits of its size word. A word in neither state is not the header of a block. */
const FREE = 1;
const LIVE = 2;
const STATE = 3;

/** The words of a header. `REQUESTED` takes the place of `NEXT` in a live block. */
const SIZE = 0;
const BEFORE = 1;
const NEXT = 2;
const PREVIOUS = 3;
const REQUESTED = 2;

/** The number of blocks of a size's own list that are tried before a larger block is split. */
const TRIES = 8;

/** Memory grows by at least this fraction of its size, so it grows seldom. */
const GROWTH = 1 / 8;

/** The index of a block's header in the words of memory. */
const header = (block: number): number => block * (GRANULE / 4) + (GRANULE - HEADER) / 4;

/** A number of bytes, for messages: '1.5 MiB'. */
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The allocator and the views of its memory. */
export class Heap {
  /** Views of the whole memory. They are replaced when memory grows, so read the fields again after each `alloc`. */
  u8!: Uint8Array;
  i32!: Int32Array;
  u32!: Uint32Array;
  f32!: Float32Array;
  f64!: Float64Array;

  #memory: WebAssembly.Memory;
  #maximumPages: number;
  /** The maximum size that the memory was created with, in bytes. */
  readonly #possible: number;
  readonly #free = new FreeLists();
  /** The number of the first block. */
  readonly #first: number;
  /** The number of the sentinel behind the last block. */
  #end: number;
  #bytes = 0;
  #blocks = 0;

  /** @param base the first byte that the heap may use. */
  constructor(memory: WebAssembly.Memory, base: number, maximumPages: number) {
    this.#memory = memory;
    this.#maximumPages = maximumPages;
    this.#possible = maximumPages * PAGE;
    this.#first = Math.ceil(Math.max(base, GRANULE) / GRANULE);
    this.#renewViews();
    // The last granule stays empty behind a sentinel, so that kernels may read a vector past the end of any block.
    this.#end = this.u8.length / GRANULE - 2;
    this.#writeSentinel(0);
    this.#release(this.#first, this.#end - this.#first, 0);
  }

  /** Copies all bytes to another memory, which is at least as long, and uses it from then on. Every address stays valid. */
  moveTo(memory: WebAssembly.Memory): void {
    new Uint8Array(memory.buffer).set(this.u8);
    this.#memory = memory;
    this.#renewViews();
  }

  /** Bytes of all live blocks, as they were requested. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of live blocks. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Bytes of the whole memory. */
  get reserved(): number {
    return this.u8.length;
  }

  /** The most bytes that the whole memory may have. */
  get limit(): number {
    return this.#maximumPages * PAGE;
  }

  /**
   * Sets the limit, rounded down to pages of 64 KiB, and at most the maximum size of the memory.
   *
   * @throws MemoryError if the memory is already larger.
   */
  set limit(bytes: number) {
    if (bytes < this.reserved)
      throw new MemoryError(
        `wasm: memory cannot be limited to ${bytes} bytes: ${mebibytes(this.reserved)} are taken already; set the limit earlier`,
      );
    this.#maximumPages = Math.floor(Math.min(bytes, this.#possible) / PAGE);
  }

  /**
   * Allocates a block. Its content is undefined, its address a multiple of 64. A block of zero bytes has its own address too.
   *
   * @throws MemoryError if no free block is large enough and the memory cannot grow enough, or if `bytes` is not a valid size.
   */
  alloc(bytes: number): number {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > this.limit) throw this.#exhausted(bytes);
    const size = Math.max(1, Math.ceil((bytes + HEADER) / GRANULE));
    const block = this.#find(size) || this.#grow(size, bytes);
    this.#unlink(block);
    const words = this.u32;
    const at = header(block);
    const rest = (words[at + SIZE] >>> 2) - size;
    if (rest > 0) {
      const behind = block + size;
      words[header(behind + rest) + BEFORE] = behind;
      this.#release(behind, rest, block);
    }
    words[at + SIZE] = (size << 2) | LIVE;
    words[at + REQUESTED] = bytes;
    this.#bytes += bytes;
    this.#blocks++;
    return (block + 1) * GRANULE;
  }

  /**
   * Frees a block.
   *
   * @throws MemoryError if no live block has this address, because it was freed before or never allocated.
   */
  free(address: number): void {
    const words = this.u32;
    let block = address / GRANULE - 1;
    const at = header(block);
    if (block < this.#first || block >= this.#end || (words[at + SIZE] & STATE) !== LIVE) {
      throw new MemoryError(`wasm heap: there is no block to free at address ${address}: was it freed before?`);
    }
    let size = words[at + SIZE] >>> 2;
    let before = words[at + BEFORE];
    this.#bytes -= words[at + REQUESTED];
    this.#blocks--;

    const behind = header(block + size);
    if ((words[behind + SIZE] & STATE) === FREE) {
      this.#unlink(block + size);
      words[behind + SIZE] &= ~STATE; // a header inside a block must not look like one
      size += words[behind + SIZE] >>> 2;
    }
    if (before !== 0 && (words[header(before) + SIZE] & STATE) === FREE) {
      this.#unlink(before);
      words[at + SIZE] &= ~STATE;
      size += block - before;
      block = before;
      before = words[header(block) + BEFORE];
    }
    words[header(block + size) + BEFORE] = block;
    this.#release(block, size, before);
  }

  /** A free block of at least `size` granules, still in its list; 0 if there is none. */
  #find(size: number): number {
    const words = this.u32;
    const list = listOf(size);
    // Some blocks of this list are too small, but the first one, which was freed last, often fits exactly.
    let block = this.#free.heads[list];
    for (let tries = 0; block !== 0 && tries < TRIES; tries++) {
      if (words[header(block) + SIZE] >>> 2 >= size) return block;
      block = words[header(block) + NEXT];
    }
    const larger = this.#free.firstFrom(list + 1);
    if (larger >= 0) return this.#free.heads[larger];
    // Search the rest of the list before memory grows.
    while (block !== 0 && words[header(block) + SIZE] >>> 2 < size) block = words[header(block) + NEXT];
    return block;
  }

  /** Makes a block free and the first of its list. `before` is the block before it in memory. */
  #release(block: number, size: number, before: number): void {
    const words = this.u32;
    const at = header(block);
    const list = listOf(size);
    const next = this.#free.heads[list];
    words[at + SIZE] = (size << 2) | FREE;
    words[at + BEFORE] = before;
    words[at + NEXT] = next;
    words[at + PREVIOUS] = 0;
    if (next !== 0) words[header(next) + PREVIOUS] = block;
    this.#free.setHead(list, block);
  }

  /** Removes a free block from its list. */
  #unlink(block: number): void {
    const words = this.u32;
    const at = header(block);
    const next = words[at + NEXT];
    const previous = words[at + PREVIOUS];
    if (next !== 0) words[header(next) + PREVIOUS] = previous;
    if (previous !== 0) words[header(previous) + NEXT] = next;
    else this.#free.setHead(listOf(words[at + SIZE] >>> 2), next);
  }

  /** Grows the memory until its last block is free and has at least `size` granules. Returns that block. */
  #grow(size: number, bytes: number): number {
    const last = this.u32[header(this.#end) + BEFORE];
    const lastIsFree = last !== 0 && (this.u32[header(last) + SIZE] & STATE) === FREE;
    const missing = lastIsFree ? size - (this.#end - last) : size;
    const pages = this.u8.length / PAGE;
    const needed = Math.ceil((missing * GRANULE) / PAGE);
    const more = Math.min(Math.max(needed, Math.ceil(pages * GROWTH)), this.#maximumPages - pages);
    // An engine may refuse a generous growth and allow a modest one.
    if (more < needed || !(this.#tryGrow(more) || this.#tryGrow(needed))) throw this.#exhausted(bytes);
    this.#renewViews();

    const block = lastIsFree ? last : this.#end;
    const before = lastIsFree ? this.u32[header(last) + BEFORE] : last;
    if (lastIsFree) this.#unlink(last);
    this.#end = this.u8.length / GRANULE - 2;
    this.#writeSentinel(block);
    this.#release(block, this.#end - block, before);
    return block;
  }

  /** Grows the memory by `pages` pages. Returns false if the engine refuses. */
  #tryGrow(pages: number): boolean {
    try {
      this.#memory.grow(pages);
      return true;
    } catch {
      return false; // the engine threw a RangeError: it has no more memory
    }
  }

  /** Writes a header behind the last block. Its state is never FREE, so no block merges with it. */
  #writeSentinel(before: number): void {
    const at = header(this.#end);
    this.u32[at + SIZE] = STATE;
    this.u32[at + BEFORE] = before || this.#first;
  }

  #renewViews(): void {
    const { buffer } = this.#memory;
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  #exhausted(bytes: number): MemoryError {
    return new MemoryError(
      `wasm heap: cannot allocate ${bytes} bytes (${mebibytes(bytes)}): ${mebibytes(this.#bytes)} are in use in ` +
        `${this.#blocks} blocks, ${mebibytes(this.reserved)} are reserved of at most ${mebibytes(this.limit)}`,
    );
  }
}
