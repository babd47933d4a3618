/**
 * The kernels as modules, compiled from inlined bytes. On platforms that forbid compiling bytes the package's import conditions
 * replace this file by `modules.edge.ts`.
 */
import { inlinedKernels } from './inlined/index.js';
import type { VariantModules } from './variant.js';

/** How each variant that this platform carries becomes a module. */
export const MODULES: VariantModules = {
  simd: () => new WebAssembly.Module(inlinedKernels('simd')),
  relaxed: () => new WebAssembly.Module(inlinedKernels('relaxed')),
};
