/**
 * The kernels of inference, for workerd, which always has relaxed SIMD. A program that learns too imports all kernels, and keeps
 * those.
 */
import relaxed from '../generated/inference-relaxed.wasm';
import { MODULES } from '../modules.edge.js';

MODULES.relaxed ??= () => relaxed;
