/**
 * The one place where a product is added: every kernel that multiplies and accumulates goes through here. Relaxed SIMD has one
 * instruction for it, plain SIMD two. The compiler writes stand-ins for both: two instructions that no kernel needs.
 * src/backends/wasm/variants.ts puts the true ones in their places.
 */

/** a·b + c in each lane; with relaxed SIMD rounded once where the hardware fuses, otherwise twice. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return i16x8.avgr_u(i16x8.q15mulr_sat_s(a, b), c);
}
