/**
 * The kernels on edge runtimes whose bundlers import WebAssembly modules by `?module` (Vercel's). They carry the
 * variant that runs on every engine, since a worker should be small and carry only one.
 */
import simd from './generated/simd.wasm?module';
import type { ThreadsLoader, VariantModules } from './loader.js';

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = { simd: () => simd };

/** There are no threads, and their kernels would have to be compiled from bytes. */
export const loadThreads: ThreadsLoader = null;
