/** The kernels that the package carries inline, on a memory of their own. */
import kernels from './generated/inlined.js';
import type { Variant } from './loader.js';
import { fromPrintable } from './printable.js';
import { makeVariant } from './variants.js';

/** The bytes of a variant. */
export const inlinedKernels = (variant: Variant): Uint8Array<ArrayBuffer> =>
  makeVariant(fromPrintable(kernels), variant);
