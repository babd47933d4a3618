/**
 * All kernels, for runtimes whose bundlers import WebAssembly modules by `?module` (Vercel's). Plain SIMD runs on every engine.
 */
import simd from '../generated/simd.wasm?module';
import { MODULES } from '../modules.edge.js';

MODULES.simd = () => simd;
