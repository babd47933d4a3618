/** Variants of the kernels that are made when they are needed. Oracles: the module that the compiler wrote; the engine. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plainKernels } from '../../../scripts/plain-kernels.mjs';
import { kernelImports } from '../../../src/backends/wasm/imports.js';
import { fuseMultiplyAdds, shareMemory } from '../../../src/backends/wasm/variants.js';

const kernels = (variant: string) => readFileSync(`src/backends/wasm/generated/${variant}.wasm`);

/** Positions of a byte sequence. */
function places(bytes: Buffer, ...sequence: number[]): number[] {
  const found: number[] = [];
  const sought = Buffer.from(sequence);
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) found.push(at);
  return found;
}

const MADD = [0xfd, 0x85, 0x02];
const NMADD = [0xfd, 0x86, 0x02];

test('plain SIMD has no multiply-add, and fused has as many as the compiler wrote', () => {
  const [plain, relaxed] = [kernels('simd'), kernels('relaxed')];
  expect(plain.equals(plainKernels(relaxed))).toBe(true);
  const fused = Buffer.from(fuseMultiplyAdds(plain));
  for (const instruction of [MADD, NMADD]) {
    expect(places(relaxed, ...instruction).length).toBeGreaterThan(10);
    expect(places(plain, ...instruction)).toEqual([]);
    expect(places(fused, ...instruction).length).toBe(places(relaxed, ...instruction).length);
  }
  // Nothing is left to be fused, and a module without multiply-adds stays what it is.
  expect(Buffer.from(fuseMultiplyAdds(fused)).equals(fused)).toBe(true);
  // Of what the compiler wrote, only two declared locals for each function are new: a group of four bytes at most.
  expect(fused.length - relaxed.length).toBeGreaterThan(0);
  expect(fused.length - relaxed.length).toBeLessThan(4 * 100);
});

test.each([
  ['plain', (simd: Uint8Array) => simd],
  ['fused', fuseMultiplyAdds],
])('%s: shared memory is the one import that changes', (_, variant) => {
  const own = variant(kernels('simd'));
  const shared = shareMemory(own);
  const validates = (module: Uint8Array) => WebAssembly.validate(new Uint8Array(module));
  // Engines without relaxed SIMD refuse the fused one.
  if (!validates(own)) return expect(validates(kernels('relaxed'))).toBe(false);
  const module = new WebAssembly.Module(new Uint8Array(shared));
  expect(WebAssembly.Module.imports(module)).toEqual(
    WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(own))),
  );
  const instantiate = (memory: WebAssembly.Memory) => new WebAssembly.Instance(module, kernelImports(memory));
  instantiate(new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true }));
  expect(() => instantiate(new WebAssembly.Memory({ initial: 1, maximum: 65_536 }))).toThrow(WebAssembly.LinkError);
});
