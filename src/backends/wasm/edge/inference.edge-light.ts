/**
 * The kernels of inference, on runtimes whose bundlers import WebAssembly modules by `?module` (Vercel's); plain SIMD runs on every engine.
 * A program that learns too has all.
 */
import simd from '../generated/inference-simd.wasm?module';
import { MODULES } from '../modules.edge.js';

MODULES.simd ??= () => simd;
