/**
 * The variants of the kernels, which differ in their multiply-adds alone. The compiler writes stand-ins for those
 * (assembly/simd/madd.ts), in the order of the stack: `a b PRODUCT c SUM`. Plain SIMD multiplies and adds in these two places.
 * Relaxed SIMD does nothing in the first and has one instruction for both in the second. All instructions take three bytes, so
 * nothing moves.
 */
import type { Variant } from './loader.js';

/** `i16x8.q15mulr_sat_s` and `i16x8.avgr_u` by their second bytes, between what begins an instruction of vectors and 1. */
const PRODUCT = 0x82;
const SUM = 0x9b;

/** What stands for a product and for a sum. */
const INSTEAD = {
  /** `f32x4.mul` and `f32x4.add` */
  simd: [
    [0xfd, 0xe6, 1],
    [0xfd, 0xe4, 1],
  ],
  /** `nop` three times and `f32x4.relaxed_madd` */
  relaxed: [
    [1, 1, 1],
    [0xfd, 0x85, 2],
  ],
} satisfies Record<Variant, number[][]>;

/** Makes a variant of the kernels as the compiler wrote them, in place. */
export function makeVariant(kernels: Uint8Array<ArrayBuffer>, variant: Variant): Uint8Array<ArrayBuffer> {
  const [product, sum] = INSTEAD[variant];
  for (let at = kernels.indexOf(0xfd); at >= 0; at = kernels.indexOf(0xfd, at + 1)) {
    if (kernels[at + 2] !== 1) continue;
    if (kernels[at + 1] === PRODUCT) kernels.set(product, at);
    else if (kernels[at + 1] === SUM) kernels.set(sum, at);
  }
  return kernels;
}
