/**
 * The kernels as modules, on edge platforms: their bundlers import a `.wasm` file as a module, since no bytes may be compiled
 * there. One variant is enough. Each entry of the package begins with a file of edge/, which sets the variant here, with all
 * kernels or with those of inference.
 */
import type { Variant } from './variant.js';

/** How each variant that this platform carries becomes a module. */
export const MODULES: Partial<Record<Variant, () => WebAssembly.Module>> = {};
