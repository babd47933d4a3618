/**
 * The multiply-add, which every kernel that sums products calls. Relaxed SIMD has one instruction for it, plain SIMD has two. The
 * compiler cannot write both variants, so it writes stand-ins: two instructions that no kernel needs otherwise.
 * src/backends/wasm/inlined/variants.ts replaces them by the instructions of a variant.
 */

/** a·b + c in each lane. Relaxed SIMD rounds once where the hardware fuses; otherwise the result is rounded twice. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return i16x8.avgr_u(i16x8.q15mulr_sat_s(a, b), c);
}
