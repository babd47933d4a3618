/**
 * The cost of a small ONNX file: a file that asks for more than a limit is refused before memory is taken, by an error
 * that names the limit.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Memory } from '../../../src/backends/primitives.js';
import { bytesOf } from '../../../src/backends/shapes.js';
import { FormatError, getDevice, type Limits, np, parseOnnx, readOnnx } from '../../../src/index.js';
import { floats, integers, type ModelParts, modelOf, node, value } from '../../support/onnx-model.js';

const MOST_BYTES = 50e6;
const inputs = [value('x', [1, 1, 4, 4])];

/** A constant of zeros, float32 unless a value says otherwise. */
const zerosNamed = (name: string, shape: string) => node('ConstantOfShape', [shape], [name]);
/** The largest of `name`, added to the input: so that all before is needed. */
const needed = (name: string) => [
  node('ReduceMax', [name], ['most'], { keepdims: 0 }),
  node('Cast', ['most'], ['number'], { to: 1 }),
  node('Add', ['x', 'number'], ['y']),
];
const list = (...values: number[]) => integers([values.length], values);

type Attack = Omit<ModelParts, 'inputs' | 'outputs'> & Partial<ModelParts>;

const chain = (n: number, first: string, make: (from: string, to: string) => ReturnType<typeof node>) =>
  Array.from({ length: n }, (_, i) => make(i === 0 ? first : `v${i - 1}`, `v${i}`));

const ATTACKS: Record<string, Attack> = {
  Range: {
    nodes: [node('Range', ['from', 'to', 'by'], ['q']), ...needed('q')],
    tensors: { from: integers([], [0]), to: integers([], [2 ** 28]), by: integers([], [1]) },
  },
  Expand: {
    nodes: [node('Expand', ['w', 's'], ['q']), ...needed('q')],
    tensors: { w: floats([1], [1]), s: list(2 ** 14, 2 ** 14) },
  },
  'Expand of the input': { nodes: [node('Expand', ['x', 's'], ['y'])], tensors: { s: list(2 ** 26, 1, 4, 4) } },
  Tile: {
    nodes: [node('Tile', ['w', 's'], ['q']), ...needed('q')],
    tensors: { w: floats([2], [1, 2]), s: list(2 ** 27) },
  },
  'Tile of the input': { nodes: [node('Tile', ['x', 's'], ['y'])], tensors: { s: list(1, 2 ** 13, 2 ** 7, 2 ** 7) } },
  'Pad with a constant': {
    nodes: [node('Pad', ['w', 'p'], ['q']), ...needed('q')],
    tensors: { w: floats([2], [1, 2]), p: list(0, 2 ** 28) },
  },
  'Pad of the input': {
    nodes: [node('Pad', ['x', 'p'], ['y'])],
    tensors: { p: list(0, 0, 0, 0, 0, 0, 2 ** 14, 2 ** 14) },
  },
  ...Object.fromEntries(
    ['edge', 'reflect', 'wrap'].map((mode) => [
      `Pad, ${mode}`,
      { nodes: [node('Pad', ['x', 'p'], ['y'], { mode })], tensors: { p: list(0, 0, 0, 0, 0, 0, 0, 2 ** 27) } },
    ]),
  ),
  ...Object.fromEntries(
    ['nearest', 'linear'].flatMap((mode) => [
      [
        `Resize to sizes, ${mode}`,
        { nodes: [node('Resize', ['x', '', '', 's'], ['y'], { mode })], tensors: { s: list(1, 1, 1, 2 ** 27) } },
      ],
      [
        `Resize by scales, ${mode}`,
        { nodes: [node('Resize', ['x', '', 's'], ['y'], { mode })], tensors: { s: floats([4], [1, 1, 1e6, 1e6]) } },
      ],
      [
        `several axes, ${mode}`,
        {
          nodes: [node('Resize', ['x', '', '', 's'], ['y'], { mode })],
          tensors: { s: list(2 ** 10, 2 ** 10, 2 ** 10, 2 ** 10) },
        },
      ],
    ]),
  ),
  Upsample: { opset: 9, nodes: [node('Upsample', ['x', 's'], ['y'])], tensors: { s: floats([4], [1, 1, 1e6, 1e6]) } },
  ConstantOfShape: { nodes: [zerosNamed('q', 's'), ...needed('q')], tensors: { s: list(2 ** 28) } },
  'ConstantOfShape, as a shape': {
    nodes: [zerosNamed('q', 's'), node('Expand', ['x', 'q'], ['y'])],
    tensors: { s: list(2 ** 28) },
  },
  'ConstantOfShape, many small ones': {
    nodes: [
      ...Array.from({ length: 200 }, (_, i) => [zerosNamed(`z${i}`, 's'), node('Relu', [`z${i}`], [`r${i}`])]).flat(),
      node(
        'Max',
        Array.from({ length: 200 }, (_, i) => `r${i}`),
        ['q'],
      ),
      ...needed('q'),
    ],
    tensors: { s: list(2 ** 18) },
  },
  Concat: {
    nodes: [
      zerosNamed('z', 's'),
      node(
        'Concat',
        Array.from({ length: 1000 }, () => 'z'),
        ['q'],
        { axis: 0 },
      ),
      ...needed('q'),
    ],
    tensors: { s: list(2 ** 18) },
  },
  Gather: {
    nodes: [
      zerosNamed('rows', 's'),
      node('Cast', ['rows'], ['i'], { to: 7 }),
      node('Gather', ['rows', 'i'], ['q']),
      ...needed('q'),
    ],
    tensors: { s: list(2 ** 10, 2 ** 10) },
  },
  'MatMul of large constants': {
    nodes: [zerosNamed('z', 's'), node('MatMul', ['z', 'z'], ['q']), ...needed('q')],
    tensors: { s: list(2 ** 14, 2 ** 14) },
  },
  'MatMul, again and again': {
    nodes: [
      zerosNamed('z', 's'),
      ...chain(200, 'z', (from, to) => node('MatMul', [from, 'z'], [to])),
      ...needed('v199'),
    ],
    tensors: { s: list(512, 512) },
  },
  'Gemm, again and again': {
    nodes: [zerosNamed('z', 's'), ...chain(200, 'z', (from, to) => node('Gemm', [from, 'z'], [to])), ...needed('v199')],
    tensors: { s: list(512, 512) },
  },
  'Conv of constants': {
    nodes: [zerosNamed('z', 's'), zerosNamed('w', 't'), node('Conv', ['z', 'w'], ['q']), ...needed('q')],
    tensors: { s: list(1, 512, 40, 40), t: list(512, 512, 3, 3) },
  },
  'Conv, padded': {
    nodes: [node('Conv', ['x', 'w'], ['y'], { pads: [2 ** 14, 2 ** 14, 2 ** 14, 2 ** 14] })],
    tensors: { w: floats([1, 1, 1, 1], [1]) },
  },
  'ConvTranspose, strides': {
    nodes: [node('ConvTranspose', ['x', 'w'], ['y'], { strides: [2 ** 14, 2 ** 14] })],
    tensors: { w: floats([1, 1, 1, 1], [1]) },
  },
  'ConvTranspose, dilations': {
    nodes: [node('ConvTranspose', ['x', 'w'], ['y'], { dilations: [2 ** 15, 2 ** 15] })],
    tensors: { w: floats([1, 1, 2, 2], [1, 1, 1, 1]) },
  },
  'ConvTranspose, output_shape': {
    nodes: [node('ConvTranspose', ['x', 'w'], ['y'], { output_shape: [2 ** 15, 2 ** 15] })],
    tensors: { w: floats([1, 1, 1, 1], [1]) },
  },
  'AveragePool, a huge window': {
    nodes: [
      node('AveragePool', ['x'], ['y'], {
        kernel_shape: [2 ** 13, 2 ** 13],
        pads: [2 ** 12, 2 ** 12, 2 ** 12, 2 ** 12],
      }),
    ],
  },
  'MaxPool, padded': {
    nodes: [
      node('MaxPool', ['x'], ['y'], {
        kernel_shape: [2 ** 15, 2 ** 15],
        pads: [2 ** 15 - 1, 2 ** 15 - 1, 2 ** 15 - 1, 2 ** 15 - 1],
      }),
    ],
  },
  LRN: { nodes: [node('LRN', ['x'], ['y'], { size: 2 ** 27 })] },
  'a reduction, again and again': {
    nodes: [
      zerosNamed('z', 's'),
      ...Array.from({ length: 2000 }, (_, i) => node('ReduceSum', ['z'], [`v${i}`], { keepdims: 0 })),
      node(
        'Sum',
        Array.from({ length: 2000 }, (_, i) => `v${i}`),
        ['q'],
      ),
      node('Add', ['x', 'q'], ['y']),
    ],
    tensors: { s: list(2 ** 20) },
  },
  'weights scaled, again and again': {
    nodes: [
      zerosNamed('w', 's'),
      node('Conv', ['x', 'w'], ['c']),
      ...chain(500, 'c', (from, to) => node('Mul', [from, 'two'], [to])),
      node('Relu', ['v499'], ['y']),
    ],
    tensors: {
      s: list(2 ** 16, 1, 1, 1),
      two: floats(
        [1, 2 ** 16, 1, 1].map((n) => Math.min(n, 1)),
        [2],
      ),
    },
  },
  RandomNormal: { nodes: [node('RandomNormal', [], ['q'], { shape: [2 ** 28] }), ...needed('q')] },
  'RandomUniform, beside the input': {
    nodes: [
      node('RandomUniform', [], ['q'], { shape: [2 ** 13, 1, 2 ** 7, 2 ** 7] }),
      node('MaxPool', ['q'], ['y'], { kernel_shape: [1, 1] }),
    ],
  },
  'many axes': {
    nodes: [node('Reshape', ['x', 's'], ['y'])],
    tensors: { s: list(16, ...Array.from({ length: 5000 }, () => 1)) },
  },
  'many inputs that are declared': {
    inputs: Array.from({ length: 100 }, (_, i) => value(`x${i}`, [2 ** 26])),
    nodes: [
      node(
        'Sum',
        Array.from({ length: 100 }, (_, i) => `x${i}`),
        ['y'],
      ),
    ],
  },
  'an arena': {
    nodes: [
      ...Array.from({ length: 100 }, (_, i) => node('Expand', ['x', 's'], [`v${i}`])),
      node(
        'Concat',
        Array.from({ length: 100 }, (_, i) => `v${i}`),
        ['y'],
        { axis: 0 },
      ),
    ],
    tensors: { s: list(2 ** 8, 2 ** 8, 4, 4) },
  },
};

/** Bytes that are asked of the device while `fn` runs, whether they are given back or not. */
function bytesAllocated(fn: () => void): number {
  const device = getDevice();
  const alloc = device.alloc.bind(device);
  let bytes = 0;
  const spy = vi.spyOn(device, 'alloc').mockImplementation((size, dtype): Memory => {
    bytes += bytesOf({ size, dtype });
    return alloc(size, dtype);
  });
  try {
    fn();
  } finally {
    spy.mockRestore();
  }
  return bytes;
}

const bytesHeld = () => np.memory().devices.wasm?.bytes ?? 0;

afterEach(() => vi.restoreAllMocks());

describe('files of less than a megabyte that ask for too much', () => {
  test.each(Object.entries(ATTACKS))('%s', (_, attack) => {
    const bytes = modelOf({ inputs, outputs: ['y'], ...attack });
    const before = bytesHeld();
    let error: unknown;
    const allocated = bytesAllocated(() => {
      try {
        readOnnx(bytes);
      } catch (thrown) {
        error = thrown;
      }
    });
    expect(error).toBeInstanceOf(FormatError);
    expect(allocated).toBeLessThan(MOST_BYTES);
    expect(bytesHeld()).toBe(before);
  });
});

describe('limits', () => {
  const range = (count: number) =>
    modelOf({
      inputs: [value('x', [1])],
      outputs: ['y'],
      nodes: [
        node('Range', ['from', 'to', 'by'], ['q']),
        node('Cast', ['q'], ['f'], { to: 1 }),
        node('Add', ['x', 'f'], ['y']),
      ],
      tensors: { from: integers([], [0]), to: integers([], [count]), by: integers([], [1]) },
    });
  const product = modelOf({
    inputs: [value('x', [3, 3])],
    outputs: ['y'],
    nodes: [node('MatMul', ['w', 'w'], ['v']), node('Add', ['x', 'v'], ['y'])],
    tensors: { w: floats([3, 3], [1, 0, 0, 0, 2, 0, 0, 0, 3]) },
  });
  const relus = (n: number) =>
    modelOf({
      inputs: [value('x', [2])],
      outputs: [`v${n - 1}`],
      nodes: chain(n, 'x', (from, to) => node('Relu', [from], [to])),
    });

  // The product counts 9 elements of 3 multiply-adds, and four for each element that is filled.
  const cases: [keyof Limits, Uint8Array, number][] = [
    ['elements', range(100), 100],
    ['multiplyAdds', product, 27 + 4 * 9],
    ['constants', product, 2 * 9 * 4],
    // The input and the result stand in while the graph is bound; the arena and the constants come before.
    ['bytes', product, 4 * 9 * 4],
    ['nodes', relus(5), 5],
  ];

  test.each(cases)('%s: the limit is allowed, one more is not', (limit, bytes, least) => {
    readOnnx(bytes, { limits: { [limit]: least } }).free();
    expect(() => readOnnx(bytes, { limits: { [limit]: least - 1 } })).toThrow(FormatError);
    expect(() => readOnnx(bytes, { limits: { [limit]: least - 1 } })).toThrow(`limits: { ${limit} }`);
    readOnnx(bytes, { limits: { [limit]: Number.POSITIVE_INFINITY } }).free();
  });

  test('a list longer than the default is made where the limit allows it', () => {
    const count = 2 ** 20 + 5;
    expect(() => readOnnx(range(count))).toThrow('limits.elements');
    using model = readOnnx(range(count), { limits: { elements: count } });
    const y = model(np.array([1]));
    expect([y.shape, y.dataSync()[count - 1]]).toEqual([[count], count]);
  });

  test('parseOnnx and the options of readOnnx name a limit that does not exist', () => {
    expect(() => parseOnnx(range(3), 'file', { elements: 0 })).toThrow('file: limits.elements is 0');
    expect(() => readOnnx(range(3), { limits: { memory: 3 } as Limits })).toThrow("no option 'memory'");
  });

  test('a graph for the lengths of a call may cost as much as a file that has the inputs in it', () => {
    const tiled = (times: number) =>
      modelOf({
        inputs: [value('x', ['n'])],
        outputs: ['y'],
        nodes: [node('Tile', ['x', 's'], ['t']), node('ReduceMax', ['t'], ['y'], { keepdims: 0 })],
        tensors: { s: list(times) },
      });
    using model = readOnnx(tiled(40), { limits: { constants: 100 } });
    expect(model(np.ones([2 ** 10])).item()).toBe(1);
    using hostile = readOnnx(tiled(2 ** 20));
    expect(() => hostile(np.ones([2 ** 10]))).toThrow('limits.bytes');
    // The process goes on.
    expect(model(np.ones([2])).item()).toBe(1);
  });
});

describe('the memory that loading takes', () => {
  test('only the arena and the ends for values that depend on the inputs', () => {
    const bytes = modelOf({
      inputs: [value('x', [2 ** 16])],
      outputs: ['v99'],
      nodes: chain(100, 'x', (from, to) => node('Relu', [from], [to])),
    });
    const allocated = bytesAllocated(() => readOnnx(bytes).free());
    // Two neighbours in the arena; an input and an output that stand in.
    expect(allocated).toBe(4 * 4 * 2 ** 16);
  });

  test('no memory for a border that only the input fills, nor for shapes', () => {
    const bytes = modelOf({
      inputs: [value('x', [1, 1, 64, 64])],
      outputs: ['y'],
      nodes: [
        node('Pad', ['x', 'p'], ['padded']),
        node('Shape', ['padded'], ['s']),
        node('ConstantOfShape', ['s'], ['z']),
        node('Shape', ['z'], ['y']),
      ],
      tensors: { p: list(0, 0, 1, 1, 0, 0, 1, 1) },
    });
    using model = readOnnx(bytes, { limits: { constants: 100 } });
    expect(model(np.ones([1, 1, 64, 64])).tolist()).toEqual([1, 1, 66, 66]);
  });
});
