/** Variants of the kernels. Oracles: the module that the compiler wrote; the engine. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import inlined from '../../../../src/backends/wasm/generated/inlined.js';
import { kernelImports } from '../../../../src/backends/wasm/imports.js';
import { inlinedKernels } from '../../../../src/backends/wasm/inlined/index.js';
import { fromPrintable } from '../../../../src/backends/wasm/inlined/printable.js';
import { onSharedMemory } from '../../../../src/backends/wasm/inlined/shared-memory.js';

const kernels = (variant: string) => readFileSync(`src/backends/wasm/generated/${variant}.wasm`);

/** Positions of a byte sequence. */
function places(bytes: Buffer, ...sequence: number[]): number[] {
  const found: number[] = [];
  const sought = Buffer.from(sequence);
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) found.push(at);
  return found;
}

const STAND_INS = [
  [0xfd, 0x82, 0x01],
  [0xfd, 0x9b, 0x01],
];
const MADD = [0xfd, 0x85, 0x02];
const MULTIPLY = [0xfd, 0xe6, 0x01];
const ADD = [0xfd, 0xe4, 0x01];

test("a variant differs from the compiler's module only in its multiply-adds", () => {
  const written = Buffer.from(fromPrintable(inlined));
  const [plain, relaxed] = [kernels('simd'), kernels('relaxed')];
  const [products, sums] = STAND_INS.map((standIn) => places(written, ...standIn));
  expect(products.length).toBeGreaterThan(100);
  expect(sums.length).toBe(products.length); // so neither was met among constants or addresses
  expect(places(relaxed, ...MADD)).toEqual(sums);
  expect(places(relaxed, 1, 1, 1)).toEqual(expect.arrayContaining(products));
  expect(places(plain, ...MADD)).toEqual([]);
  expect(places(plain, ...MULTIPLY)).toEqual(expect.arrayContaining(products));
  expect(places(plain, ...ADD)).toEqual(expect.arrayContaining(sums));
  const changed = new Set([...products, ...sums].flatMap((at) => [at, at + 1, at + 2]));
  for (const variant of [plain, relaxed]) {
    expect(variant.length).toBe(written.length);
    expect([...variant.keys()].filter((at) => variant[at] !== written[at] && !changed.has(at))).toEqual([]);
  }
});

test.each(['simd', 'relaxed'] as const)('%s: shared memory is the one import that changes', (variant) => {
  const own = kernels(variant);
  const shared = onSharedMemory(inlinedKernels(variant));
  const validates = (module: Uint8Array) => WebAssembly.validate(new Uint8Array(module));
  if (!validates(own)) return expect(variant).toBe('relaxed'); // an engine without relaxed SIMD
  const module = new WebAssembly.Module(new Uint8Array(shared));
  expect(WebAssembly.Module.imports(module)).toEqual(
    WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(own))),
  );
  const instantiate = (memory: WebAssembly.Memory) => new WebAssembly.Instance(module, kernelImports(memory));
  instantiate(new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true }));
  expect(() => instantiate(new WebAssembly.Memory({ initial: 1, maximum: 65_536 }))).toThrow(WebAssembly.LinkError);
});
