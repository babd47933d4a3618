/** The kernels of inference, on workerd, which has relaxed SIMD everywhere. A program that learns too has all. */
import relaxed from '../generated/inference-relaxed.wasm';
import { MODULES } from '../modules.edge.js';

MODULES.relaxed ??= () => relaxed;
