/** The choice of how a product reads a B that is not packed beforehand. `node bench/readings.mjs` checks it. */
import { READING_CODES } from '../generated/codes.js';

/** The sizes that the choice depends on: C is m × n, the sums have k terms. */
interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

/** Up to this many rows of A, packing B costs more than it saves, by the kernel that reads B instead. */
const FEW = {
  /** Dot products with the rows of a transposed B. */
  dots: 15,
  /** Weighted sums of the rows of a B that the caches do not hold. */
  sums: 12,
  /** Weighted sums of the rows of any other B. */
  nearSums: 2,
  /** Tiles that read B in place. */
  tiles: 24,
};

/** Elements of B that the caches still hold when the next panel of A passes by. */
const NEAR = 1 << 20;

/** Elements of a page of memory: rows whole pages apart push each other out of the caches. */
const PAGE = 1024;

/** The code of the fastest reading. */
export function readingOf({ m, n, k, transA, transB }: Sizes): number {
  if (m === 1 || n === 1) return READING_CODES.whole;
  if (transB) return m <= FEW.dots && !transA ? READING_CODES.whole : READING_CODES.packed;
  const isFar = n * k > NEAR || n % PAGE === 0;
  if (m <= (isFar ? FEW.sums : FEW.nearSums)) return READING_CODES.whole;
  return m > (isFar ? FEW.sums : FEW.tiles) ? READING_CODES.packed : READING_CODES.inPlace;
}
