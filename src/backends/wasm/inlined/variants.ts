/**
 * Makes a variant of the kernels. The variants differ in their multiply-adds alone, for which the compiler writes stand-ins (see
 * assembly/simd/madd.ts) in the order of the stack: `a b PRODUCT c SUM`. Plain SIMD multiplies and adds in these two places.
 * Relaxed SIMD does nothing in the first place and has one instruction for both in the second. Every instruction here takes
 * three bytes, so nothing moves.
 */
import type { Variant } from '../variant.js';

/** The first byte of an instruction of vectors, and the last byte of a stand-in. */
const VECTOR = 0xfd;
const LAST = 1;

/** The second bytes of the stand-ins: `i16x8.q15mulr_sat_s` for a product, `i16x8.avgr_u` for a sum. */
const PRODUCT = 0x82;
const SUM = 0x9b;

/** What replaces a product and a sum. */
const INSTEAD = {
  /** `f32x4.mul` and `f32x4.add` */
  simd: [
    [VECTOR, 0xe6, 1],
    [VECTOR, 0xe4, 1],
  ],
  /** `nop` three times and `f32x4.relaxed_madd` */
  relaxed: [
    [1, 1, 1],
    [VECTOR, 0x85, 2],
  ],
} satisfies Record<Variant, number[][]>;

/** Makes a variant of the kernels that the compiler wrote, in place. */
export function makeVariant(kernels: Uint8Array<ArrayBuffer>, variant: Variant): Uint8Array<ArrayBuffer> {
  const [product, sum] = INSTEAD[variant];
  for (let at = kernels.indexOf(VECTOR); at >= 0; at = kernels.indexOf(VECTOR, at + 1)) {
    if (kernels[at + 2] !== LAST) continue;
    if (kernels[at + 1] === PRODUCT) kernels.set(product, at);
    else if (kernels[at + 1] === SUM) kernels.set(sum, at);
  }
  return kernels;
}
