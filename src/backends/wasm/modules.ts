/**
 * The kernels as most platforms have them: compiled from inlined bytes. Where compiling bytes is forbidden the package's
 * export conditions put modules.workerd.ts or modules.edge-light.ts in the place of this file.
 */
import { inflateSync } from 'fflate';
import { decodeBase64 } from './base64.js';
import relaxed from './generated/relaxed.js';
import simd from './generated/simd.js';
import type { VariantModules } from './loader.js';
import { applyPatch } from './patch.js';

/** Base64 of deflated bytes is about as small, compressed once more on its way to a browser, as the bytes. */
const unpack = (packed: string) => inflateSync(decodeBase64(packed));

/** How each variant that is at hand here becomes a module. */
export const MODULES: VariantModules = {
  simd: () => new WebAssembly.Module(unpack(simd)),
  relaxed: () => new WebAssembly.Module(applyPatch(unpack(simd), unpack(relaxed))),
};
