/**
 * Models written as ONNX and read again. Oracle: the models without compiling; `npm run onnx-check` asks onnxruntime.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LeNet5 } from '../../../examples/lenet5.js';
import { parseOnnx } from '../../../src/formats/onnx/parse.js';
import {
  Chain,
  compile,
  F,
  GraphError,
  L,
  noBackpropMode,
  np,
  readOnnx,
  scope,
  serializers,
  usingConfig,
  type Variable,
  type VariableLike,
} from '../../../src/index.js';

const inTestMode = <T>(fn: () => T): T => usingConfig('train', false, () => noBackpropMode(fn));

function expectClose(got: np.NDArray, want: Variable | np.NDArray, tolerance = 1e-5) {
  expect(got.shape).toEqual([...want.shape]);
  const [a, b] = [got.dataSync(), want.dataSync()];
  const largest = Math.max(0, ...Array.from(b, Math.abs));
  for (const [i, v] of a.entries())
    expect(Math.abs(v - b[i]), `element ${i}: ${v} for ${b[i]}`).toBeLessThanOrEqual(
      tolerance * Math.max(1e-6, largest),
    );
}

type Model = (x: VariableLike) => Variable;

/** Writes, reads and runs a model; the operators in the file. */
function roundTrip(model: Model, x: np.NDArray, options = {}, tolerance?: number): string[] {
  const bytes = compile(model, [x]).toOnnx(options);
  const loaded = readOnnx(bytes);
  expectClose(
    loaded(x),
    inTestMode(() => model(x)),
    tolerance,
  );
  loaded.free();
  return parseOnnx(bytes).nodes.map(({ op }) => op);
}

/** Grouped and dilated convolutions, deconvolutions, concatenated pools. */
class Geometries extends Chain {
  dilated = new L.Convolution2D(3, 8, 3, 1, 2, { dilate: 2 });
  grouped = new L.Convolution2D(8, 12, 3, 2, 1, { groups: 4 });
  norm = new L.BatchNormalization(12);
  up = new L.Deconvolution2D(24, 6, 4, 2, 1);
  out = new L.Deconvolution2D(6, 4, 3, 2, 1, { outsize: [64, 64] });

  forward(x: VariableLike): Variable {
    const h = F.relu(this.norm(this.grouped(F.relu(this.dilated(x)))));
    const pools = F.concat([F.averagePooling2d(h, 3, 1, 1), F.maxPooling2d(h, 3, 1, 1)], 1);
    return F.softmax(this.out(F.leakyRelu(this.up(pools))), 1);
  }
}

const layer =
  (model: (x: VariableLike, layers: readonly string[]) => Record<string, Variable>, name: string): Model =>
  (x) =>
    model(x, [name])[name];

describe('models', () => {
  test('LeNet5 is eleven operators and five reshapes at most', () => {
    const operators = roundTrip(new LeNet5(), np.random.rand(3, 1, 28, 28));
    expect(operators.filter((op) => op !== 'Reshape')).toEqual([
      ...['Conv', 'Sigmoid', 'MaxPool', 'Conv', 'Sigmoid', 'MaxPool', 'Conv', 'Sigmoid'],
      ...['Gemm', 'Sigmoid', 'Gemm', 'Softmax'],
    ]);
  });

  test.each([
    ['VGG16', () => layer(new L.VGG16Layers({ width: 1 / 16 }), 'fc8'), 224],
    ['ResNet-50', () => layer(new L.ResNet50Layers({ width: 1 / 8 }), 'fc6'), 224],
    ['ResNet-152', () => layer(new L.ResNet152Layers({ width: 1 / 32 }), 'fc6'), 224],
    ['GoogLeNet', () => layer(new L.GoogLeNet({ width: 1 / 8 }), 'loss3_fc'), 224],
    ['groups, dilation and deconvolution', () => new Geometries() as Model, 32],
  ] as const)(
    '%s',
    (_, make, size) => {
      np.random.seed(0);
      const operators = roundTrip(make(), np.random.randn(1, 3, size, size), {}, 1e-4);
      expect(operators).not.toContain('BatchNormalization');
    },
    60_000,
  );

  test('lengths of 0 are written as such', () => {
    const x = np.zeros([2, 0]);
    expect(roundTrip((x) => F.reshape(x, [0, 3, 2]), x)).toEqual(['Reshape']);
    expect(roundTrip((x) => F.relu(F.reshape(x, [5, 0])), x)).toEqual(['Reshape', 'Relu']);
    // A product over no elements is zeros, for each matrix of the batch.
    roundTrip((x) => F.matmul(F.reshape(x, [2, 1, 0]), np.zeros([2, 0, 3])), x);
  });

  test('weights of half the size are widened where they are used', () => {
    const x = np.random.rand(2, 1, 28, 28);
    const predict = compile(new LeNet5(), [x]);
    const [whole, half] = [predict.toOnnx(), predict.toOnnx({ weights: 'float16' })];
    expect(half.length).toBeLessThan(whole.length * 0.55);
    expectClose(readOnnx(half)(x), predict(x), 1e-2);
  });

  test('names are those asked for, and keys of records', async () => {
    const x = np.random.rand(2, 3);
    const predict = compile((a: VariableLike) => ({ sum: F.sum(a, 1), root: F.sqrt(a) }), [x]);
    const loaded = readOnnx(predict.toOnnx({ inputNames: ['a'] }));
    expect(loaded.inputs.map(({ name }) => name)).toEqual(['a']);
    const { sum, root } = loaded.run({ a: x });
    expectClose(sum, F.sum(x, 1));
    expectClose(root, F.sqrt(x));
  });

  test('files are written whole or not at all', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rensa-onnx-'));
    try {
      const x = np.random.rand(1, 1, 28, 28);
      const predict = compile(new LeNet5(), [x]);
      await serializers.saveOnnx(join(directory, 'lenet5.onnx'), predict);
      expect(await readdir(directory)).toEqual(['lenet5.onnx']);
      const loaded = await serializers.loadOnnx(join(directory, 'lenet5.onnx'));
      expectClose(loaded(x), predict(x));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('memory is given back', () => {
    const x = np.random.rand(1, 1, 28, 28);
    const predict = compile(new LeNet5(), [x]);
    scope(null, () => {
      predict.toOnnx();
    });
    const { blocks } = np.memory().devices.wasm as { blocks: number };
    scope(null, () => {
      const loaded = readOnnx(predict.toOnnx());
      loaded(x);
      loaded.free();
    });
    expect(np.memory().devices.wasm?.blocks).toBe(blocks);
  });
});

describe('views and parts', () => {
  const x = () => np.random.rand(2, 3, 4, 5);
  test.each<[string, Model, string[]]>([
    ['transpose', (a) => F.transpose(a, [0, 2, 3, 1]), ['Transpose']],
    ['slices', (a) => F.getItem(a, [':', '1:3', '::2', '1:5:3']), ['Slice']],
    ['a place of an axis', (a) => F.getItem(a, [':', 1]), ['Slice']],
    ['backward', (a) => F.flip(a, 3), ['Slice']],
    ['broadcast', (a) => F.broadcastTo(F.reshape(a, [2, 1, 3, 4, 5]), [2, 6, 3, 4, 5]), ['Expand']],
    ['concat', (a) => F.concat([a, F.exp(a), a], 2), ['Exp', 'Concat']],
    [
      'pad',
      (a) =>
        F.pad(
          a,
          [
            [0, 0],
            [0, 0],
            [1, 2],
            [0, 3],
          ],
          'constant',
        ),
      ['Pad'],
    ],
    ['gather', (a) => F.getItem(a, [':', [2, 0, 2]]), []],
    ['split', (a) => F.concat([...F.splitAxis(a, [1], 3)].reverse(), 3), ['Slice', 'Slice', 'Concat']],
    ['diagonal', (a) => F.diagonal(a, 0, 2, 3), []],
    ['blocks to channels', (a) => F.space2depth(F.getItem(a, ['...', ':4']), 2), []],
    ['two sums of windows', (a) => F.sum(F.im2col(a, 2), [2, 3]), []],
    ['cumulative sums', (a) => F.cumsum(a, 1), ['CumSum']],
    ['logarithms', (a) => F.add(F.log1p(a), F.add(F.expm1(a), F.log2(F.add(a, 1)))), []],
    ['means', (a) => F.add(F.max(a, 1), F.mean(a, 1)), []],
    ['products of many matrices', (a) => F.matmul(a, F.transpose(a, [0, 1, 3, 2])), ['Transpose', 'MatMul']],
    ['resized', (a) => F.resizeImages(a, [7, 8]), []],
    ['normalized responses', (a) => F.localResponseNormalization(a), []],
    ['normalized over itself', (a) => F.groupNormalization(a, 3, np.ones([3]), np.zeros([3])), []],
    ['clipped', (a) => F.clip(a, 0.2, 0.6), []],
    ['chosen', (a) => F.where(np.array([true, false, true, false, true]), a, F.exp(a)), []],
  ])('%s', (_, model, expected) => {
    const operators = roundTrip(model, x());
    if (expected.length > 0) expect(operators.filter((op) => op !== 'Reshape')).toEqual(expected);
  });

  test('primitives without an ONNX operator are refused by name', () => {
    const predict = compile((a: VariableLike) => F.cumprod(a, 1), [x()]);
    expect(() => predict.toOnnx()).toThrow(GraphError);
    expect(() => predict.toOnnx()).toThrow(/cumprod/);
  });
});
