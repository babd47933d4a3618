// @ts-check
/**
 * The float32 kernels as shares of the machine's peak: `node bench/kernels.mjs`. The peak is the speed of the tile
 * alone, on panels that stay in the first cache. Then come products, convolutions forward and backward, and some
 * elementwise work. Times are the least of many runs, because other programs only ever add time.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The backend and its machine, from source. */
async function load() {
  const contents = `
    export { createWasmBackend } from './src/backends/wasm/index.js';
    export { Machine } from './src/backends/wasm/machine.js';
    export { bestVariant } from './src/backends/wasm/loader.js';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const { createWasmBackend, Machine, bestVariant } = await load();

/**
 * The least time of one run, in seconds.
 * @param {() => void} run
 * @param {number} [seconds] to spend
 */
function fastest(run, seconds = 0.4) {
  for (const end = performance.now() + 150 * seconds; performance.now() < end; ) run();
  let repeats = 1;
  const time = () => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    return (performance.now() - start) / 1000 / repeats;
  };
  while (time() * repeats < 5e-4) repeats *= 2;
  let least = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) least = Math.min(least, time());
  return least;
}

/** GFLOP/s of the tile alone. */
export function peak() {
  const { kernels, heap } = new Machine(bestVariant());
  const k = 256;
  const [rows, columns] = [kernels.tileRows(), kernels.tileColumns()];
  const [aStep, bStep] = [4 * rows, 4 * columns];
  const [a, b, c] = [heap.alloc(k * aStep), heap.alloc(k * bStep), heap.alloc(rows * bStep)];
  const inner = () => {
    for (let i = 0; i < 100; i++) kernels.fullTile(k, a, aStep, b, bStep, c, bStep, c, bStep);
  };
  return (100 * k * rows * columns * 2) / fastest(inner) / 1e9;
}

const backend = createWasmBackend();

/** @param {readonly number[]} shape */
const tensor = (...shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const memory = backend.alloc(size, 'float32');
  backend.write(
    memory,
    Float32Array.from({ length: size }, () => Math.random() - 0.5),
  );
  return { shape, dtype: 'float32', memory };
};

/** @param {{ memory: unknown }[]} tensors */
const release = (...tensors) => {
  for (const { memory } of tensors) backend.free(memory);
};

const best = peak();

/**
 * @param {string} name
 * @param {number} flops
 * @param {() => void} run
 */
function report(name, flops, run) {
  const seconds = fastest(run);
  const rate = flops / seconds / 1e9;
  const share = `${((100 * rate) / best).toFixed(0)} %`;
  console.log(
    `${name.padEnd(44)} ${(seconds * 1e3).toFixed(3).padStart(9)} ms ${rate.toFixed(1).padStart(7)} ${share.padStart(6)}`,
  );
}

/** Batch, channels, size, output channels, kernel, stride, pad, and groups if more than one. */
const CONVOLUTIONS = [
  ['LeNet5 conv1', 32, 1, 28, 6, 5, 1, 0],
  ['LeNet5 conv2', 32, 6, 12, 16, 5, 1, 0],
  ['LeNet5 conv3', 32, 16, 4, 120, 4, 1, 0],
  ['VGG16 conv1_1', 1, 3, 224, 64, 3, 1, 1],
  ['VGG16 conv1_2', 1, 64, 224, 64, 3, 1, 1],
  ['VGG16 conv3_2', 1, 256, 56, 256, 3, 1, 1],
  ['VGG16 conv5_1', 1, 512, 14, 512, 3, 1, 1],
  ['ResNet50 conv1', 1, 3, 224, 64, 7, 2, 3],
  ['ResNet50 1×1', 1, 256, 56, 64, 1, 1, 0],
  ['ResNet50 1×1, 7×7', 1, 512, 7, 2048, 1, 1, 0],
  ['ResNet50 3×3, stride 2', 1, 256, 28, 256, 3, 2, 1],
  ['ResNeXt 3×3, 32 groups', 1, 128, 56, 128, 3, 1, 1, 32],
  ['MobileNet 3×3, depthwise, 112×112', 1, 32, 112, 32, 3, 1, 1, 32],
  ['MobileNet 3×3, depthwise, stride 2', 1, 144, 56, 144, 3, 2, 1, 144],
  ['MobileNet 3×3, depthwise', 1, 144, 56, 144, 3, 1, 1, 144],
  ['MobileNet 3×3, depthwise, 7×7', 1, 960, 7, 960, 3, 1, 1, 960],
  ['5×5, depthwise', 1, 240, 28, 240, 5, 1, 2, 240],
];

/** M, K, N, and which operand is transposed. */
const PRODUCTS = [
  [1024, 1024, 1024],
  [1024, 1024, 1024, 'B'],
  [1024, 1024, 1024, 'A'],
  [512, 512, 512],
  [128, 128, 128],
  [64, 64, 64],
  [32, 32, 32],
  [32, 120, 84, 'B'],
  [32, 84, 10, 'B'],
  [84, 32, 120, 'A'],
  [32, 4096, 1000, 'B'],
  [1, 4096, 1000, 'B'],
  [1, 1024, 1024],
  [1024, 1024, 1],
  [3, 1024, 1024],
];

const filter = process.argv[2] ?? '';

console.log(`variant ${bestVariant()}, peak of the tile: ${best.toFixed(1)} GFLOP/s\n`);
console.log(`${''.padEnd(44)} ${'time'.padStart(12)} ${'GFLOP/s'.padStart(7)} ${'share'.padStart(6)}`);

for (const [m, k, n, trans = ''] of PRODUCTS) {
  const name = `matmul ${m}×${k}×${n}${trans && `, ${trans}ᵀ`}`;
  if (!name.includes(filter)) continue;
  const options = { transA: trans === 'A', transB: trans === 'B' };
  const a = options.transA ? tensor(1, k, m) : tensor(1, m, k);
  const b = options.transB ? tensor(1, n, k) : tensor(1, k, n);
  const c = tensor(1, m, n);
  report(name, 2 * m * n * k, () => backend.matmul(a, b, c, options));
  release(a, b, c);
}

for (const [layer, batch, channels, size, out, kernel, stride, pad, groups = 1] of CONVOLUTIONS) {
  if (!layer.includes(filter)) continue;
  const outSize = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const x = tensor(batch, channels, size, size);
  const w = tensor(out, channels / groups, kernel, kernel);
  const bias = tensor(out);
  const y = tensor(batch, out, outSize, outSize);
  const geometry = { stride: [stride, stride], pad: [pad, pad], dilation: [1, 1], groups };
  const flops = (2 * batch * out * channels * kernel ** 2 * outSize ** 2) / groups;
  report(`${layer}, forward`, flops, () => backend.conv2d(x, w, bias, geometry, y));
  report(`${layer}, gradient in x`, flops, () => backend.conv2dGradInput(y, w, geometry, x));
  report(`${layer}, gradient in w`, flops, () => backend.conv2dGradWeight(x, y, geometry, w));
  release(x, w, bias, y);
}

console.log(`\n${''.padEnd(44)} ${'time'.padStart(12)} ${'ns/el.'.padStart(7)}`);

/**
 * @param {string} name
 * @param {number} elements
 * @param {() => void} run
 */
function reportEach(name, elements, run) {
  if (!name.includes(filter)) return;
  const seconds = fastest(run, 0.2);
  console.log(
    `${name.padEnd(44)} ${(seconds * 1e3).toFixed(4).padStart(9)} ms ${((seconds * 1e9) / elements).toFixed(3).padStart(7)}`,
  );
}

{
  const n = 4096;
  const [x, y, z] = [tensor(n), tensor(n), tensor(n)];
  for (const op of ['add', 'divide', 'maximum']) reportEach(`${op}, ${n}`, n, () => backend.binary(op, x, y, z));
  for (const op of ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'erf', 'sin']) {
    reportEach(`${op}, ${n}`, n, () => backend.unary(op, x, z));
  }
  const [row, matrix, out] = [tensor(64), tensor(64, 64), tensor(64, 64)];
  reportEach('add, (64, 64) + (64,)', n, () => backend.binary('add', matrix, row, out));
  const total = tensor();
  reportEach(`sum, ${n}`, n, () => backend.reduce('sum', x, [0], total));
  reportEach('sum, (64, 64) over rows', n, () => backend.reduce('sum', matrix, [0], row));
  reportEach('sum, (64, 64) over columns', n, () => backend.reduce('sum', matrix, [1], row));
  reportEach('softmax, (64, 64)', n, () => backend.softmax(matrix, 1, false, out));
  reportEach('transpose, (64, 64)', n, () =>
    backend.copy(matrix, { offset: 0, strides: [1, 64] }, out, { offset: 0, strides: [64, 1] }, [64, 64]),
  );
  release(x, y, z, row, matrix, out, total);

  const image = tensor(32, 6, 24, 24);
  const pooled = tensor(32, 6, 12, 12);
  const places = { ...pooled, dtype: 'int32', memory: backend.alloc(32 * 6 * 144, 'int32') };
  const squares = { ksize: [2, 2], stride: [2, 2], pad: [0, 0] };
  reportEach('maxPool 2×2, (32, 6, 24, 24)', 110592, () => backend.maxPool2d(image, squares, pooled, places));
  reportEach('its gradient', 110592, () => backend.maxPool2dGrad(pooled, places, squares, image));
  release(image, pooled, places);

  const [a, b] = [tensor(8), tensor(8)];
  reportEach('alloc + add + free, 8', 1, () => {
    const memory = backend.alloc(8, 'float32');
    backend.binary('add', a, b, { shape: a.shape, dtype: 'float32', memory });
    backend.free(memory);
  });
  reportEach('alloc + free, 8', 1, () => backend.free(backend.alloc(8, 'float32')));
  release(a, b);
}

console.log(`\n${''.padEnd(44)} ${'time'.padStart(12)} ${'GB/s'.padStart(7)} ${'of copying'.padStart(10)}`);

{
  const n = 1 << 22;
  const bytes = 4 * n;
  const flat = { offset: 0, strides: [1] };
  const [x, y, z, u] = [tensor(n), tensor(n), tensor(n), tensor(n)];
  const mask = { shape: [n], dtype: 'bool', memory: backend.alloc(n, 'bool') };
  backend.binary('greater', x, 0, mask);
  const copySeconds = fastest(() => backend.copy(x, flat, z, flat, [n]));
  const bandwidth = (2 * bytes) / copySeconds;

  /**
   * @param {string} name
   * @param {number} moved bytes that are read or written, each once
   * @param {() => void} run
   */
  const reportMoved = (name, moved, run) => {
    if (!name.includes(filter)) return;
    const seconds = fastest(run, 0.2);
    const rate = moved / seconds;
    const share = `${((100 * rate) / bandwidth).toFixed(0)} %`;
    console.log(
      `${name.padEnd(44)} ${(seconds * 1e3).toFixed(3).padStart(9)} ms ${(rate / 1e9).toFixed(1).padStart(7)} ${share.padStart(10)}`,
    );
  };
  const as = (/** @type {{ memory: unknown }} */ array, /** @type {number[]} */ ...shape) => ({ ...array, shape });

  reportMoved('copy, 4M', 2 * bytes, () => backend.copy(x, flat, z, flat, [n]));
  for (const op of ['relu', 'exp', 'log', 'tanh', 'sigmoid']) {
    reportMoved(`${op}, 4M`, 2 * bytes, () => backend.unary(op, x, z));
  }
  reportMoved('add, 4M', 3 * bytes, () => backend.binary('add', x, y, z));
  reportMoved('where, 4M', 3 * bytes + n, () => backend.where(mask, x, y, z));
  const total = tensor();
  for (const op of ['sum', 'max']) reportMoved(`${op}, 4M`, bytes, () => backend.reduce(op, x, [0], total));
  const channels = Array.from({ length: 4 }, () => tensor(1, 32, 1, 1));
  const [center, scale, shift, factor] = channels;
  const images = as(x, 2, 32, 256, 256);
  reportMoved('moments of channels', bytes, () => backend.moments(images, [0, 2, 3], center, scale));
  reportMoved('comoments of channels', 2 * bytes, () =>
    backend.comoments(images, center, as(y, 2, 32, 256, 256), [0, 2, 3], scale, shift),
  );
  const coefficients = { center, scale, shift };
  const into = as(z, 2, 32, 256, 256);
  reportMoved('affine of channels', 2 * bytes, () => backend.affine(images, coefficients, null, into));
  const addend = { y: as(y, 2, 32, 256, 256), scale: factor };
  reportMoved('affine of channels, with an addend', 3 * bytes, () =>
    backend.affine(images, coefficients, addend, into),
  );
  reportMoved('softmax, 4096 × 1024', 2 * bytes, () => backend.softmax(as(x, 4096, 1024), 1, false, as(z, 4096, 1024)));
  const turned = { offset: 0, strides: [1, 2048] };
  const straight = { offset: 0, strides: [2048, 1] };
  reportMoved('transpose, 2048 × 2048', 2 * bytes, () => backend.copy(x, turned, z, straight, [2048, 2048]));
  for (const [size, stride, pad] of [
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
  ]) {
    const side = Math.floor((256 + 2 * pad - size) / stride) + 1;
    const pooled = tensor(2, 32, side, side);
    const places = { ...pooled, dtype: 'int32', memory: backend.alloc(64 * side * side, 'int32') };
    const windows = { ksize: [size, size], stride: [stride, stride], pad: [pad, pad] };
    const small = 256 * side * side;
    const name = `${size}×${size}, stride ${stride}`;
    reportMoved(`maxPool ${name}`, bytes + 2 * small, () => backend.maxPool2d(images, windows, pooled, places));
    reportMoved(`averagePool ${name}`, bytes + small, () => backend.averagePool2d(images, windows, pooled));
    release(pooled, places);
  }
  reportMoved('sgd', 3 * bytes, () => backend.update('sgd', x, y, [], [1e-9]));
  reportMoved('momentumSgd', 5 * bytes, () => backend.update('momentumSgd', x, y, [z], [1e-9, 0.9]));
  backend.fill(u, 1);
  const adam = [1e-9, 0.1, 0.001, 1e-8, 1, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  reportMoved('adam', 7 * bytes, () => backend.update('adam', x, y, [z, u], adam));
  release(x, y, z, u, mask, total, ...channels);
}
