/**
 * The kernels on edge platforms, which compile no bytes at run time: a `.wasm` file that their bundlers import as a module. One variant is
 * enough there. Whether it has all kernels or those of inference follows from what a program imports of the package: each of its
 * entries begins with a file of edge/ there.
 */
import type { ThreadsLoader, Variant } from './loader.js';

/** How each variant that is at hand here becomes a module. */
export const MODULES: Partial<Record<Variant, () => WebAssembly.Module>> = {};

/** There are no threads, and their kernels would have to be compiled from bytes. */
export const loadThreads: ThreadsLoader = null;
