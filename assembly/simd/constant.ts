/**
 * Constants in all four lanes, from static memory. Engines build a vector literal in three instructions, through a general
 * register, in each turn of a loop. A load that fills all lanes is one instruction, and eˣ has twelve such constants.
 */

/** The number at an address that `memory.data` returned. */
// @ts-ignore: decorator
@inline
export function lanes(place: usize): v128 {
  return v128.load32_splat(place);
}

/** The k-th number of a list in static memory. */
// @ts-ignore: decorator
@inline
export function lanesOf(list: usize, k: usize): v128 {
  return v128.load32_splat(list + (k << 2));
}
