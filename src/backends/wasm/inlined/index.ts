/** The kernels that the package carries as text. See `README.md` beside this file. */
import text from '../generated/inlined.js';
import type { Variant } from '../variant.js';
import { fromPrintable } from './printable.js';
import { makeVariant } from './variants.js';

/** The bytes of a variant, whose memory is its own. */
export const inlinedKernels = (variant: Variant): Uint8Array<ArrayBuffer> => makeVariant(fromPrintable(text), variant);
