/**
 * The kernels on workerd, which compiles no bytes at run time: a `.wasm` file that its bundler imports as a module. One
 * variant is enough, since every workerd has relaxed SIMD.
 */
import relaxed from './generated/relaxed.wasm';
import type { ThreadsLoader, VariantModules } from './loader.js';

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = { relaxed: () => relaxed };

/** There are no threads, and their kernels would have to be compiled from bytes. */
export const loadThreads: ThreadsLoader = null;
