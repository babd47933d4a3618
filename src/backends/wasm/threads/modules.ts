/** The kernels that work on a shared memory, for each variant: little more is different than what they import. */
import { inflateSync } from 'fflate';
import { decodeBase64 } from '../base64.js';
import relaxed from '../generated/relaxed-threads.js';
import simd from '../generated/simd.js';
import simdThreads from '../generated/simd-threads.js';
import type { Variant } from '../loader.js';
import { applyPatch } from '../patch.js';

const PATCHES: Readonly<Record<Variant, string>> = { simd: simdThreads, relaxed };

const unpack = (packed: string) => inflateSync(decodeBase64(packed));

/** Compiles a variant, without blocking the thread. */
export const compileShared = (variant: Variant): Promise<WebAssembly.Module> =>
  WebAssembly.compile(applyPatch(unpack(simd), unpack(PATCHES[variant])));
