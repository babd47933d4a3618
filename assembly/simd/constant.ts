/**
 * Numbers in all four lanes, from static memory. Engines build a vector literal anew, in three instructions through a
 * general register, each time a loop comes to it; a load that fills all lanes is one, and eˣ has twelve such numbers.
 */

/** The number at `place`, which `memory.data` gave. */
// @ts-ignore: decorator
@inline
export function lanes(place: usize): v128 {
  return v128.load32_splat(place);
}

/** The k-th number of a list. */
// @ts-ignore: decorator
@inline
export function lanesOf(list: usize, k: usize): v128 {
  return v128.load32_splat(list + (k << 2));
}
