/**
 * The kernels of inference, for runtimes whose bundlers import WebAssembly modules by `?module` (Vercel's). Plain SIMD runs on every
 * engine. A program that learns too imports all kernels, and keeps those.
 */
import simd from '../generated/inference-simd.wasm?module';
import { MODULES } from '../modules.edge.js';

MODULES.simd ??= () => simd;
