/** The kernels that work on a shared memory. */
import { inlinedKernels } from '../inlined.js';
import type { Variant } from '../loader.js';
import { shareMemory } from '../variants.js';

/** Compiles a variant, without blocking the thread. */
export const compileShared = (variant: Variant): Promise<WebAssembly.Module> =>
  WebAssembly.compile(shareMemory(inlinedKernels(variant)));
