/**
 * The kernels as most platforms have them: compiled from inlined bytes. Where compiling bytes is forbidden the package's
 * export conditions put modules.workerd.ts or modules.edge-light.ts in the place of this file.
 */
import { decodeBase64 } from './base64.js';
import relaxed from './generated/relaxed.js';
import simd from './generated/simd.js';
import type { VariantModules } from './loader.js';

const compile = (inlined: string) => new WebAssembly.Module(decodeBase64(inlined));

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = {
  simd: () => compile(simd),
  relaxed: () => compile(relaxed),
};
