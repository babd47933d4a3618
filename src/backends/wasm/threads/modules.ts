/** The kernels that work on a shared memory. */
import simd from '../generated/simd.js';
import type { Variant } from '../loader.js';
import { unpack } from '../unpack.js';
import { fuseMultiplyAdds, shareMemory } from '../variants.js';

/** Compiles a variant, without blocking the thread. */
export function compileShared(variant: Variant): Promise<WebAssembly.Module> {
  const shared = shareMemory(unpack(simd));
  return WebAssembly.compile(variant === 'relaxed' ? fuseMultiplyAdds(shared) : shared);
}
