/**
 * The one place where a product is added: every kernel that multiplies and accumulates goes through here, so that the
 * `relaxed` build fuses all of them and the `simd` build none. Knows nothing of what is added.
 */

/** a·b + c in each lane; rounded once in the relaxed build where the hardware fuses, twice otherwise. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a·b in each lane, rounded as {@link madd}. */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}
