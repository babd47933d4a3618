/**
 * Lists of free blocks, by size, and an index that finds a list that is not empty. The index is that of a two-level segregated fit
 * allocator (M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a new dynamic memory allocator for real-time systems", ECRTS 2004).
 * Sizes are in granules, and a block is named by its number. `heap.ts` stores the links between the blocks of a list.
 *
 *     size      1 … 15 | 16 17 … 31 | 32–33 … 62–63 | 64–67 … | …
 *     list      1 … 15 | 16 17 … 31 | 32    … 47    | 48      | …      16 lists for each doubling
 */

/** log₂ of the number of lists for each doubling of the size. */
const FINE_BITS = 4;
const FINE = 1 << FINE_BITS;
/** The number of doublings: sizes have at most 26 bits, since 4 GiB are 2²⁶ granules of 64 bytes. */
const COARSE = 26 - FINE_BITS + 1;

/** The number of the list for a size. A list for larger sizes has a larger number. */
export function listOf(size: number): number {
  if (size < FINE) return size;
  const shift = 31 - Math.clz32(size) - FINE_BITS;
  return (shift << FINE_BITS) + (size >> shift);
}

/** The heads of the lists, and bitmaps that find the first list that is not empty in a few instructions. */
export class FreeLists {
  /** The first block of each list; 0 where the list is empty. */
  readonly heads = new Int32Array((COARSE + 1) * FINE);
  /** Bit r is set if a list of row r is not empty. A row is the lists of one doubling. */
  readonly #coarse = new Int32Array(1);
  /** For each row, a bit for each of its lists; it is set if the list is not empty. */
  readonly #fine = new Int32Array(COARSE + 1);

  /** Puts a block at the head of a list; 0 empties the list. */
  setHead(list: number, block: number): void {
    this.heads[list] = block;
    const row = list >> FINE_BITS;
    const bit = 1 << (list & (FINE - 1));
    if (block !== 0) {
      this.#fine[row] |= bit;
      this.#coarse[0] |= 1 << row;
    } else {
      this.#fine[row] &= ~bit;
      if (this.#fine[row] === 0) this.#coarse[0] &= ~(1 << row);
    }
  }

  /** The first list that is not empty and has at least the number `list`; −1 if there is none. */
  firstFrom(list: number): number {
    const row = list >> FINE_BITS;
    if (row > COARSE) return -1;
    const fine = this.#fine[row] & (-1 << (list & (FINE - 1)));
    if (fine !== 0) return (row << FINE_BITS) + lowestBit(fine);
    const coarse = this.#coarse[0] & (-2 << row);
    if (coarse === 0) return -1;
    const found = lowestBit(coarse);
    return (found << FINE_BITS) + lowestBit(this.#fine[found]);
  }
}

/** The position of the lowest bit that is set. */
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
