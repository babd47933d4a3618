/** The set of a row's operands that are one element, which stands for all. */

/** Bits of the set. */
export const enum Scalars {
  None = 0,
  A = 1,
  B = 2,
}
