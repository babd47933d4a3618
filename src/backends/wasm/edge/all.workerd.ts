/** All kernels, for workerd, which always has relaxed SIMD. */
import relaxed from '../generated/relaxed.wasm';
import { MODULES } from '../modules.edge.js';

MODULES.relaxed = () => relaxed;
