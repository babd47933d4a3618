// @ts-check
/**
 * Compares the choice of how a product reads B with measurements: `node bench/readings.mjs` times, in turns, every way
 * that can compute a shape. It prints the way that was chosen, and how much longer that takes than the fastest. On a
 * busy machine, run it again.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = 25;
const SAMPLE_MS = 3;

/** M, K, N, and whether B is transposed. */
const SHAPES = [
  ...[2, 3, 4, 8, 12, 16, 24].flatMap((m) => [
    [m, 256, 256, 0],
    [m, 1000, 1000, 0],
    [m, 1024, 1024, 0],
    [m, 512, 4096, 0],
    [m, 4096, 1000, 0],
    [m, 256, 256, 1],
    [m, 512, 4096, 1],
  ]),
];

async function load() {
  const contents = `
    export { bestVariant } from './src/backends/wasm/loader.js';
    export { Machine } from './src/backends/wasm/machine.js';
    export { WasmMemory } from './src/backends/wasm/memory.js';
    export { run } from './src/backends/wasm/calls/call.js';
    export { gemmFloat32 } from './src/backends/wasm/calls/gemm.js';
    export { READING_CODES } from './src/backends/wasm/generated/codes.js';
    import { Gemm } from './src/backends/wasm/generated/records.js';
    export const READING_WORD = Gemm.reading;`;
  const stdin = { contents, resolveDir: root, loader: /** @type {const} */ ('ts') };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const { bestVariant, Machine, WasmMemory, run: runCall, gemmFloat32, READING_CODES, READING_WORD } = await load();
const machine = new Machine(bestVariant());
const { heap, kernels } = machine;
const names = Object.keys(READING_CODES);

/** Makes the kernel read B in another way than the chosen one. */
let forced = -1;
let chosen = -1;
machine.kernels = {
  ...kernels,
  gemm(/** @type {number} */ record) {
    const at = (record >> 2) + READING_WORD;
    chosen = heap.u32[at];
    if (forced >= 0) heap.u32[at] = forced;
    return kernels.gemm(record);
  },
};

/** @param {number[]} shape */
const tensor = (...shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const memory = new WasmMemory('float32', size, heap.alloc(4 * size));
  heap.f32.fill(0.5, memory.address / 4, memory.address / 4 + size);
  return { shape, dtype: 'float32', memory };
};

let worst = 1;
for (const [m, k, n, transB] of SHAPES) {
  const [a, b, c] = [tensor(1, m, k), transB ? tensor(1, n, k) : tensor(1, k, n), tensor(1, m, n)];
  const epilogue = { bias: null, activation: 'none', residual: null };
  const product = { batch: 1, m, k, n, a, b, c, aBatch: 0, bBatch: 0, cBatch: 0, transA: false, transB: !!transB };
  const run = (/** @type {number} */ reading, /** @type {number} */ repeats) => {
    forced = reading;
    const start = performance.now();
    for (let i = 0; i < repeats; i++) runCall(machine, gemmFloat32, { ...product, ...epilogue });
    return (performance.now() - start) / repeats;
  };
  // B's rows lie along the sum where it is transposed: tiles cannot read it in place.
  const ways = transB ? [READING_CODES.packed, READING_CODES.whole] : Object.values(READING_CODES);
  const repeats = Math.max(1, Math.round(SAMPLE_MS / Math.min(run(-1, 3), run(-1, 3))));
  const choice = chosen;
  const least = new Map(ways.map((way) => [way, run(way, repeats)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ways) least.set(way, Math.min(least.get(way) ?? 0, run(way, repeats)));
  }
  const excess = (least.get(choice) ?? 0) / Math.min(...least.values());
  worst = Math.max(worst, excess);
  const times = ways.map((way) => `${names[way]} ${(1e3 * (least.get(way) ?? 0)).toFixed(1)}`).join(', ');
  const title = `${m}×${k} · ${k}×${n}${transB ? ', transposed' : ''}`;
  console.log(
    `${title.padEnd(32)} ${names[choice].padEnd(8)} +${(100 * excess - 100).toFixed(0)} %`.padEnd(50),
    times,
    'µs',
  );
  for (const { memory } of [a, b, c]) heap.free(memory.address);
}
console.log(`at worst ${worst.toFixed(2)} times the fastest`);
