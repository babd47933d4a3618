/** The kernels that work on a shared memory. */
import { inlinedKernels } from '../inlined.js';
import type { Variant } from '../loader.js';

/** Behind its name an imported memory has the kind 2 and its flags: 1 if it has a limit, 3 if it is shared too. */
const MEMORY = 'memory\x02';
const SHARED = 3;

/** The kernels on a memory that threads share, in place. */
export function shareMemory(kernels: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  kernels[new TextDecoder('latin1').decode(kernels).indexOf(MEMORY) + MEMORY.length] = SHARED;
  return kernels;
}

/** Compiles a variant, without blocking the thread. */
export const compileShared = (variant: Variant): Promise<WebAssembly.Module> =>
  WebAssembly.compile(shareMemory(inlinedKernels(variant)));
