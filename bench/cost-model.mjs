// @ts-check
/**
 * Compares the cost model's choice of convolution algorithms with measurements: `node bench/cost-model.mjs [FILTER]
 * [--adjoint | --gradient]` times, in turns, every algorithm that can compute each distinct convolution of VGG16,
 * ResNet-50 and MobileNetV2 (batch 1, 224 × 224). It prints the algorithm that the cost model chose, and how much
 * longer that takes than the fastest. Exits 1 if a choice takes over 15 % longer; on a busy machine, run it again.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const TOLERATED = 1.15;
const BUDGET_MS = 400;

async function load() {
  const contents = `
    export { run } from './src/backends/wasm/calls/call.js';
    export { chooseAlgorithm, DIRECTIONS } from './src/backends/wasm/conv/algorithms.js';
    export { shapeOf } from './src/backends/wasm/conv/shape.js';
    export { bestVariant } from './src/backends/wasm/loader.js';
    export { Machine } from './src/backends/wasm/machine.js';
    export { WasmMemory } from './src/backends/wasm/memory.js';`;
  const stdin = { contents, resolveDir: root, loader: /** @type {const} */ ('ts') };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const source = await load();
const { bestVariant, chooseAlgorithm, DIRECTIONS, Machine, run, shapeOf, WasmMemory } = source;

/**
 * Channels, size, output channels, kernel, stride, and groups if more than one. Padding keeps the size, or halves it
 * with the stride.
 */
const LAYERS = {
  VGG16: [
    [3, 224, 64, 3, 1],
    [64, 224, 64, 3, 1],
    [64, 112, 128, 3, 1],
    [128, 112, 128, 3, 1],
    [128, 56, 256, 3, 1],
    [256, 56, 256, 3, 1],
    [256, 28, 512, 3, 1],
    [512, 28, 512, 3, 1],
    [512, 14, 512, 3, 1],
  ],
  'ResNet-50': [
    [3, 224, 64, 7, 2],
    [64, 56, 64, 1, 1],
    [64, 56, 64, 3, 1],
    [64, 56, 256, 1, 1],
    [256, 56, 64, 1, 1],
    [256, 56, 128, 1, 2],
    [128, 28, 128, 3, 1],
    [128, 28, 512, 1, 1],
    [256, 56, 512, 1, 2],
    [512, 28, 128, 1, 1],
    [512, 28, 256, 1, 2],
    [256, 14, 256, 3, 1],
    [256, 14, 1024, 1, 1],
    [512, 28, 1024, 1, 2],
    [1024, 14, 256, 1, 1],
    [1024, 14, 512, 1, 2],
    [512, 7, 512, 3, 1],
    [512, 7, 2048, 1, 1],
    [1024, 14, 2048, 1, 2],
    [2048, 7, 512, 1, 1],
  ],
  MobileNetV2: [
    [3, 224, 32, 3, 2],
    [32, 112, 32, 3, 1, 32],
    [32, 112, 16, 1, 1],
    [16, 112, 96, 1, 1],
    [96, 112, 96, 3, 2, 96],
    [96, 56, 24, 1, 1],
    [144, 56, 144, 3, 1, 144],
    [144, 56, 144, 3, 2, 144],
    [192, 28, 192, 3, 1, 192],
    [192, 28, 192, 3, 2, 192],
    [384, 14, 384, 3, 1, 384],
    [576, 14, 576, 3, 1, 576],
    [576, 14, 576, 3, 2, 576],
    [960, 7, 960, 3, 1, 960],
    [320, 7, 1280, 1, 1],
  ],
};

const [filter = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
/** @type {'forward' | 'gradInput' | 'gradWeight'} */
const direction = process.argv.includes('--adjoint')
  ? 'gradInput'
  : process.argv.includes('--gradient')
    ? 'gradWeight'
    : 'forward';
const among = DIRECTIONS[direction];
const machine = new Machine(bestVariant());
const { heap } = machine;

/** @param {number[]} shape */
function tensor(...shape) {
  const size = shape.reduce((a, b) => a * b, 1);
  const memory = new WasmMemory('float32', size, heap.alloc(4 * size));
  const elements = heap.f32.subarray(memory.address / 4, memory.address / 4 + size);
  for (let i = 0; i < size; i++) elements[i] = Math.random() - 0.5;
  return { shape, dtype: 'float32', memory };
}

/**
 * The least milliseconds of each algorithm, timed in turns.
 * @param {(() => void)[]} runs
 */
function leastOf(runs) {
  const least = runs.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + BUDGET_MS * runs.length;
  for (let round = 0; round < 4 || performance.now() < end; round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      run();
      least[i] = Math.min(least[i], performance.now() - start);
    }
  }
  return least;
}

console.log(`variant ${bestVariant()}, ${direction}, filters packed at each call\n`);
let wrong = 0;
for (const [model, layers] of Object.entries(LAYERS)) {
  for (const [channels, size, outChannels, kernel, stride, groups = 1] of layers) {
    const name = `${model} ${channels}→${outChannels}, ${kernel}×${kernel}${stride > 1 ? `/${stride}` : ''}, ${size}`;
    if (!name.includes(filter)) continue;
    const pad = kernel >> 1;
    const outSize = Math.floor((size + 2 * pad - kernel) / stride) + 1;
    const geometry = { stride: [stride, stride], pad: [pad, pad], dilation: [1, 1], groups };
    const x = tensor(1, channels, size, size);
    const w = tensor(outChannels, channels / groups, kernel, kernel);
    const y = tensor(1, outChannels, outSize, outSize);
    const shape = shapeOf(x, w, geometry, y);
    const choose = (/** @type {string | undefined} */ forced) =>
      chooseAlgorithm(among, shape, machine.blocking, forced).name;
    const chosen = choose(undefined);
    const problem = { x, w, y, geometry, bias: null, activation: 'none', residual: null };
    const algorithms = among.filter((/** @type {{ name: string }} */ { name }) => choose(name) === name);
    const able = algorithms.map((/** @type {{ name: string }} */ { name }) => name);
    const times = leastOf(
      algorithms.map(
        (/** @type {{ kind: unknown }} */ { kind }) =>
          () =>
            run(machine, kind, problem),
      ),
    );
    const ratio = times[able.indexOf(chosen)] / Math.min(...times);
    if (ratio > TOLERATED) wrong++;
    const list = able.map((/** @type {string} */ algorithm, /** @type {number} */ i) => {
      return `${algorithm === chosen ? '*' : ''}${algorithm} ${times[i].toFixed(2)}`;
    });
    console.log(`${name.padEnd(34)} ${ratio.toFixed(2)}${ratio > TOLERATED ? ' !' : '  '} ${list.join('  ')}`);
    for (const { memory } of [x, w, y]) heap.free(memory.address);
  }
}
console.log(
  `\n* is chosen; ${wrong} choices take more than ${(TOLERATED * 100 - 100).toFixed(0)} % longer than the fastest`,
);
process.exitCode = wrong ? 1 : 0;
