/** Patches: what is made of a base is the target to the byte, for the kernels and for any other bytes. Oracle: the target. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makePatch } from '../../../scripts/kernel-patch.mjs';
import { applyPatch } from '../../../src/backends/wasm/patch.js';
import fc from '../../support/properties.js';

const kernels = (variant: string) => readFileSync(`src/backends/wasm/generated/${variant}.wasm`);

test('the relaxed kernels from the simd ones, by a patch a tenth of their size', () => {
  const [base, target] = [kernels('simd'), kernels('relaxed')];
  const patch = makePatch(base, target);
  expect(Buffer.from(applyPatch(base, patch)).equals(target)).toBe(true);
  expect(patch.length).toBeLessThan(target.length / 10);
});

test('pieces of the base in any order, with other bytes between them', () => {
  const base = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * i * 31 + i) % 251));
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.tuple(fc.nat(300), fc.nat(300)).map(([from, length]) => base.subarray(from, from + length)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const target = Buffer.concat(pieces);
      expect(Buffer.from(applyPatch(base, makePatch(base, target))).equals(target)).toBe(true);
    }),
  );
});
