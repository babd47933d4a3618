/** Which operands of a row are scalars: one element that stands for all. */

/** Bits of the set. */
export const enum Scalars {
  None = 0,
  A = 1,
  B = 2,
}
