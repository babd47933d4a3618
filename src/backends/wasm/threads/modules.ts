/** The kernels that work on a shared memory, for each variant: little more is different than what they import. */
import relaxed from '../generated/relaxed.js';
import relaxedThreads from '../generated/relaxed-threads.js';
import simd from '../generated/simd.js';
import simdThreads from '../generated/simd-threads.js';
import type { Variant } from '../loader.js';
import { applyPatch } from '../patch.js';
import { unpack } from '../unpack.js';

/** What makes each of the first variant, in this order. */
const PATCHES: Readonly<Record<Variant, readonly string[]>> = {
  simd: [simdThreads],
  relaxed: [relaxed, relaxedThreads],
};

/** Compiles a variant, without blocking the thread. */
export const compileShared = (variant: Variant): Promise<WebAssembly.Module> =>
  WebAssembly.compile(PATCHES[variant].reduce((base, patch) => applyPatch(base, unpack(patch)), unpack(simd)));
