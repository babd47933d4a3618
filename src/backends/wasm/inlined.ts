/** The kernels that the package carries inline, on a memory of their own. */
import simd from './generated/simd.js';
import type { Variant } from './loader.js';
import { fromPrintable } from './printable.js';
import { fuseMultiplyAdds } from './variants.js';

/** The bytes of a variant. */
export function inlinedKernels(variant: Variant): Uint8Array<ArrayBuffer> {
  const plain = fromPrintable(simd);
  return variant === 'relaxed' ? fuseMultiplyAdds(plain) : plain;
}
