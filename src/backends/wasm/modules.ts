/**
 * The kernels as most platforms have them: compiled from inlined bytes. Where compiling bytes is forbidden the package's
 * export conditions put modules.edge.ts in the place of this file.
 */
import simd from './generated/simd.js';
import type { ThreadsLoader, VariantModules } from './loader.js';
import { unpack } from './unpack.js';
import { fuseMultiplyAdds } from './variants.js';

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = {
  simd: () => new WebAssembly.Module(unpack(simd)),
  relaxed: () => new WebAssembly.Module(fuseMultiplyAdds(unpack(simd))),
};

/** In a chunk of its own: programs without threads do not carry it. */
export const loadThreads: ThreadsLoader = () => import('./threads/index.js');
