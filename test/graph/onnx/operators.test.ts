/**
 * ONNX's operators as Rensa reads them. Oracle: onnxruntime-web, where the benchmark's peers are installed (`npm ci
 * --prefix bench`). Without it these tests are skipped.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodeElements } from '../../../src/formats/elements.js';
import { encodeOnnx } from '../../../src/formats/onnx/encode.js';
import type { OnnxAttribute, OnnxTensor } from '../../../src/formats/onnx/model.js';
import { np, readOnnx } from '../../../src/index.js';

const PEER = 'bench/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';

/** As much of onnxruntime-web as is asked here. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: string, data: unknown, shape: readonly number[]) => unknown;
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options: object,
    ): Promise<{ run(feeds: object): Promise<Record<string, { data: ArrayLike<number>; dims: readonly number[] }>> }>;
  };
}

type Value = number | string | readonly number[] | { readonly float: number };

const attribute = (value: Value): OnnxAttribute => {
  if (typeof value === 'number') return { type: 'int', value };
  if (typeof value === 'string') return { type: 'string', value };
  return 'float' in value ? { type: 'float', value: value.float } : { type: 'ints', value };
};

/** What a node reads beside x: weights of a shape, drawn between 0.1 and 1.1; int64 numbers; none. */
type Extra =
  | { readonly shape: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | null;

function tensorOf(name: string, extra: NonNullable<Extra>): OnnxTensor {
  if ('ints' in extra) {
    const data = BigInt64Array.from(extra.ints, BigInt);
    const shape = [data.length];
    return { name, shape, dtype: 'int64', elements: [encodeElements({ shape, dtype: 'int64', data })] };
  }
  const shape = 'shape' in extra ? extra.shape : extra.floats.length === 1 ? [] : [extra.floats.length];
  const data =
    'shape' in extra
      ? Float32Array.from(np.random.rand(...shape).dataSync(), (v) => v + 0.1)
      : Float32Array.from(extra.floats);
  return { name, shape, dtype: 'float32', elements: [encodeElements({ shape, dtype: 'float32', data })] };
}

/** A model of one node whose results have these shapes. */
function modelOf(
  op: string,
  x: readonly number[],
  attributes: Record<string, Value>,
  extras: readonly Extra[],
  opset: number,
  outputs: readonly (readonly number[])[],
) {
  const names = extras.map((extra, i) => (extra ? `i${i}` : ''));
  const out = outputs.map((_, i) => `y${i}`);
  return encodeOnnx({
    irVersion: 8,
    opset,
    producer: 'test',
    name: 'node',
    nodes: [
      {
        name: 'it',
        op,
        domain: '',
        inputs: ['x', ...names],
        outputs: out,
        attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, attribute(value)])),
      },
    ],
    initializers: new Map(extras.flatMap((extra, i) => (extra ? [[`i${i}`, tensorOf(`i${i}`, extra)] as const] : []))),
    inputs: [{ name: 'x', dtype: 'float32', shape: x }],
    outputs: out.map((name, i) => ({
      name,
      dtype: ['ArgMax', 'ArgMin'].includes(op) ? 'int64' : 'float32',
      shape: outputs[i],
    })),
  });
}

type Case = [
  op: string,
  x: readonly number[],
  attributes?: Record<string, Value>,
  extras?: readonly Extra[],
  opset?: number,
  outputs?: number,
];

const IMAGES = [2, 4, 7, 9];
const SMALL = [2, 3, 4];

const CASES: Case[] = [
  ['Conv', IMAGES, { pads: [1, 0, 2, 1], strides: [2, 1] }, [{ shape: [6, 4, 3, 2] }, { shape: [6] }]],
  ['Conv', IMAGES, { group: 2, dilations: [2, 3] }, [{ shape: [4, 2, 3, 2] }]],
  ['Conv', IMAGES, { auto_pad: 'SAME_UPPER', strides: [2, 2] }, [{ shape: [3, 4, 4, 3] }]],
  ['Conv', IMAGES, { auto_pad: 'SAME_LOWER', strides: [2, 2] }, [{ shape: [3, 4, 4, 3] }]],
  ['Conv', [2, 4, 9], { pads: [1, 2], strides: [2] }, [{ shape: [3, 4, 3] }]],
  [
    'ConvTranspose',
    IMAGES,
    { pads: [1, 0, 0, 1], strides: [2, 3], output_padding: [1, 2] },
    [{ shape: [4, 3, 3, 4] }, { shape: [3] }],
  ],
  ['ConvTranspose', IMAGES, { group: 2, strides: [2, 2], dilations: [2, 1] }, [{ shape: [4, 3, 3, 3] }]],
  ['ConvTranspose', IMAGES, { strides: [2, 2], auto_pad: 'SAME_UPPER' }, [{ shape: [4, 3, 3, 3] }]],
  ['ConvTranspose', IMAGES, { strides: [2, 2], output_shape: [14, 18] }, [{ shape: [4, 3, 3, 3] }]],
  [
    'BatchNormalization',
    IMAGES,
    { epsilon: { float: 0.01 } },
    [{ shape: [4] }, { shape: [4] }, { shape: [4] }, { shape: [4] }],
  ],
  ['InstanceNormalization', IMAGES, {}, [{ shape: [4] }, { shape: [4] }]],
  ['LayerNormalization', IMAGES, { axis: -2 }, [{ shape: [7, 9] }, { shape: [7, 9] }]],
  ['LRN', IMAGES, { size: 3, alpha: { float: 0.2 }, bias: { float: 1.5 } }],
  ['LRN', IMAGES, { size: 5, beta: { float: 0.5 }, alpha: { float: 0.2 } }],
  ['MaxPool', IMAGES, { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }],
  ['MaxPool', IMAGES, { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }],
  ['MaxPool', IMAGES, { kernel_shape: [2, 2], strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 }, [], 22],
  ['MaxPool', IMAGES, { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }],
  ['AveragePool', IMAGES, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
  ['AveragePool', IMAGES, { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
  ['AveragePool', IMAGES, { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }, [], 19],
  [
    'AveragePool',
    IMAGES,
    { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 0, 0], ceil_mode: 1, count_include_pad: 1 },
    [],
    19,
  ],
  ['AveragePool', [1, 2, 9], { kernel_shape: [3], strides: [2] }],
  ['GlobalAveragePool', IMAGES],
  ['GlobalMaxPool', IMAGES],
  ['Gemm', [3, 4], { transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } }, [{ shape: [5, 4] }, { shape: [5] }]],
  ['Gemm', [4, 3], { transA: 1 }, [{ shape: [4, 5] }, { shape: [3, 1] }]],
  ['MatMul', SMALL, {}, [{ shape: [4, 5] }]],
  ['Clip', SMALL, {}, [{ floats: [-0.3] }, { floats: [0.4] }]],
  ['Clip', SMALL, {}, [null, { floats: [0.4] }]],
  ...[
    'Elu',
    'Selu',
    'LeakyRelu',
    'HardSigmoid',
    'HardSwish',
    'Relu',
    'Sigmoid',
    'Tanh',
    'Softplus',
    'Softsign',
    'Erf',
  ].map((op): Case => [op, SMALL]),
  ...['Abs', 'Neg', 'Exp', 'Floor', 'Ceil', 'Round', 'Sign', 'Sin', 'Cos', 'Reciprocal'].map((op): Case => [op, SMALL]),
  ['Gelu', SMALL, {}, [], 20],
  ['Gelu', SMALL, { approximate: 'tanh' }, [], 20],
  ['Mish', SMALL, {}, [], 18],
  ['PRelu', IMAGES, {}, [{ shape: [4, 1, 1] }]],
  ['Pow', SMALL, {}, [{ floats: [2] }]],
  ...['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max'].map((op): Case => [op, SMALL, {}, [{ shape: [3, 1] }]]),
  ...['Softmax', 'LogSoftmax'].flatMap((op): Case[] => [
    [op, SMALL, { axis: 1 }],
    [op, SMALL, { axis: 1 }, [], 11],
  ]),
  ...['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2'].map(
    (op): Case => [op, SMALL, { axes: [-1, 0] }],
  ),
  ['ReduceSum', SMALL, { keepdims: 0 }, [{ ints: [1] }]],
  ['ReduceMean', SMALL, { keepdims: 0 }, [{ ints: [1] }], 18],
  ['ReduceSum', SMALL],
  ['ArgMax', SMALL, { axis: 1 }],
  ['ArgMin', SMALL, { axis: -1, keepdims: 0 }],
  ['Slice', IMAGES, {}, [{ ints: [1, -1] }, { ints: [2 ** 53, -100] }, { ints: [3, 2] }, { ints: [2, -2] }]],
  ['Slice', IMAGES, { starts: [1, -3], ends: [2 ** 53, -1], axes: [1, 3] }, [], 9],
  ['Split', IMAGES, { axis: 3 }, [{ ints: [2, 3, 4] }], 17, 3],
  ['Split', IMAGES, { axis: 2, split: [3, 4] }, [], 11, 2],
  ['Split', IMAGES, { axis: 2, num_outputs: 2 }, [], 18, 2],
  ['Squeeze', [2, 1, 3, 1], {}, [{ ints: [-1] }]],
  ['Squeeze', [2, 1, 3, 1], { axes: [1] }, [], 11],
  ['Unsqueeze', SMALL, {}, [{ ints: [0, -1] }]],
  ['Unsqueeze', SMALL, { axes: [1] }, [], 11],
  ['Reshape', SMALL, {}, [{ ints: [0, -1] }]],
  ['Flatten', IMAGES, { axis: 2 }],
  ['Flatten', IMAGES, { axis: -1 }],
  ['Transpose', SMALL, { perm: [2, 0, 1] }],
  ['Transpose', SMALL],
  ['Pad', IMAGES, {}, [{ ints: [0, 0, 1, 2, 0, 1, 0, 3] }, { floats: [0.5] }]],
  ['Pad', IMAGES, {}, [{ ints: [0, 0, -1, 2, 0, 0, 0, -3] }]],
  ['Pad', IMAGES, { mode: 'reflect' }, [{ ints: [0, 0, 3, 2, 0, 0, 1, 3] }]],
  ['Pad', IMAGES, { mode: 'edge' }, [{ ints: [0, 0, 3, 2, 0, 0, 1, 3] }]],
  ['Resize', IMAGES, {}, [null, { floats: [1, 1, 2, 2] }]],
  ['Resize', IMAGES, { mode: 'linear' }, [null, { floats: [1, 1, 2, 1.5] }]],
  [
    'Resize',
    IMAGES,
    { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
    [null, null, { ints: [2, 4, 5, 20] }],
  ],
  [
    'Resize',
    IMAGES,
    { mode: 'linear', coordinate_transformation_mode: 'asymmetric' },
    [null, null, { ints: [2, 4, 5, 20] }],
  ],
  [
    'Resize',
    IMAGES,
    { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
    [null, null, { ints: [2, 4, 1, 3] }],
  ],
  [
    'Resize',
    IMAGES,
    { nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' },
    [null, { floats: [1, 1, 0.5, 3] }],
  ],
  ['Resize', IMAGES, { nearest_mode: 'ceil' }, [null, null, { ints: [2, 4, 3, 5] }]],
  ['Gather', IMAGES, { axis: 1 }, [{ ints: [2, -1, 0] }]],
  ['Expand', [2, 1, 4], {}, [{ ints: [3, 1, 3, 1] }]],
  ['Tile', SMALL, {}, [{ ints: [1, 2, 3] }]],
  ['DepthToSpace', IMAGES, { blocksize: 2 }],
  ['DepthToSpace', IMAGES, { blocksize: 2, mode: 'CRD' }],
  ['SpaceToDepth', [1, 2, 4, 6], { blocksize: 2 }],
  ['CumSum', SMALL, {}, [{ ints: [1] }]],
  ['Dropout', SMALL],
  ['Identity', SMALL],
];

describe.skipIf(!existsSync(PEER))("operators give onnxruntime's results", () => {
  /** Not before a test asks: a suite that is skipped is read all the same. */
  const load = () => import(/* @vite-ignore */ pathToFileURL(resolve(PEER)).href) as Promise<Runtime>;

  test.each(CASES)(
    '%s of %s with %o, %o, version %s',
    async (op, shape, attributes = {}, extras = [], opset = 17, outputs = 1) => {
      const ort = await load();
      ort.env.wasm.numThreads = 1;
      np.random.seed(1);
      const x = np.random.randn(...shape);
      const model = (shapes: readonly (readonly number[])[]) => {
        np.random.seed(2);
        return modelOf(op, shape, attributes, extras, opset, shapes);
      };
      const got = readOnnx(model(Array.from({ length: outputs }, () => []))).run({ x });
      // onnxruntime compares the shapes with those that it infers.
      const bytes = model(Object.values(got).map((y) => y.shape));
      const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: 3 });
      const want = await session.run({ x: new ort.Tensor('float32', x.dataSync(), shape) });
      for (const [name, { data, dims }] of Object.entries(want)) {
        expect(got[name].shape).toEqual([...dims]);
        const values = got[name].dataSync();
        for (const [i, v] of Array.from(data, Number).entries())
          expect(Math.abs(values[i] - v), `${name}[${i}]: ${values[i]} for ${v}`).toBeLessThanOrEqual(
            2e-5 * Math.max(1, Math.abs(v)),
          );
      }
    },
  );
});
