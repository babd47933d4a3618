/** All kernels, on workerd, which has relaxed SIMD everywhere. */
import relaxed from '../generated/relaxed.wasm';
import { MODULES } from '../modules.edge.js';

MODULES.relaxed = () => relaxed;
