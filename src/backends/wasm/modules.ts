/**
 * The kernels as most platforms have them: compiled from inlined bytes. Where compiling bytes is forbidden the package's
 * export conditions put modules.edge.ts in the place of this file.
 */
import { inlinedKernels } from './inlined.js';
import type { ThreadsLoader, VariantModules } from './loader.js';

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = {
  simd: () => new WebAssembly.Module(inlinedKernels('simd')),
  relaxed: () => new WebAssembly.Module(inlinedKernels('relaxed')),
};

/** In a chunk of its own: programs without threads do not carry it. */
export const loadThreads: ThreadsLoader = () => import('./threads/index.js');
