/** The kernels on a memory that threads share. */
import type { Variant } from '../variant.js';
import { inlinedKernels } from './index.js';

/** An import's name is followed by its kind, 2 for a memory, and by the memory's flags: 1 if it has a limit, 3 if it is shared too. */
const MEMORY = 'memory\x02';
const SHARED = 3;

/** Makes kernels import a shared memory, in place. */
export function onSharedMemory(kernels: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  kernels[new TextDecoder('latin1').decode(kernels).indexOf(MEMORY) + MEMORY.length] = SHARED;
  return kernels;
}

/** Compiles a variant on shared memory, without blocking the thread. */
export const compileShared = (variant: Variant): Promise<WebAssembly.Module> =>
  WebAssembly.compile(onSharedMemory(inlinedKernels(variant)));
