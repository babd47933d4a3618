/**
 * ONNX files of other programs, and the attributes that they leave to defaults. Oracles: results worked out by hand,
 * and results of onnxruntime where a test names it.
 */
import { describe, expect, test } from 'vitest';
import {
  compile,
  DTypeError,
  F,
  FormatError,
  np,
  readOnnx,
  ShapeError,
  Variable,
  type VariableLike,
} from '../../../src/index.js';
import { floats, integers, modelOf, node, value } from '../../support/onnx-model.js';

const x = np.array([
  [-1, 2],
  [3, -4],
]);
const relu = node('Relu', ['x'], ['y']);
const inputs = [value('x', [2, 2])];

describe('outputs that do not depend on the inputs', () => {
  const lists = (bytes: Uint8Array, runs = 2) => {
    using model = readOnnx(bytes);
    return Array.from({ length: runs }, () =>
      Object.fromEntries(Object.entries(model.run({ x })).map(([name, y]) => [name, y.tolist()])),
    );
  };
  const y = [
    [0, 2],
    [3, 0],
  ];

  test.each([
    ['Shape', node('Shape', ['x'], ['c']), [2, 2]],
    ['a part of a shape', node('Shape', ['x'], ['c'], { start: -1 }), [2]],
    ['Size', node('Size', ['x'], ['c']), 4],
    ['Constant', node('Constant', [], ['c'], { value: { tensor: floats([3], [5, 6, 7]) } }), [5, 6, 7]],
    ['ConstantOfShape', node('ConstantOfShape', ['two'], ['c'], { value: { tensor: floats([1], [2.5]) } }), [2.5, 2.5]],
    ['Range', node('Range', ['from', 'to', 'by'], ['c']), [2, 5, 8]],
    ['a sum of constants', node('Add', ['w', 'w'], ['c']), [6, 8]],
    ['an initializer under another name', node('Identity', ['w'], ['c']), [3, 4]],
  ])('%s', (_, constant, want) => {
    const tensors = {
      two: integers([1], [2]),
      from: integers([], [2]),
      to: integers([], [11]),
      by: integers([], [3]),
      w: floats([2], [3, 4]),
    };
    const bytes = modelOf({ nodes: [relu, constant], inputs, outputs: ['c', 'y', 'w'], tensors });
    expect(lists(bytes)).toEqual(Array.from({ length: 2 }, () => ({ c: want, y, w: [3, 4] })));
  });

  test('inputs themselves, and results under several names and shapes', () => {
    const nodes = [
      relu,
      node('Identity', ['x'], ['same']),
      node('Identity', ['y'], ['again']),
      node('Reshape', ['y', 'four'], ['flat']),
      node('Reshape', ['w', 'four'], ['v']),
    ];
    const tensors = { four: integers([1], [4]), w: floats([2, 2], [1, 2, 3, 4]) };
    const bytes = modelOf({ nodes, inputs, outputs: ['x', 'same', 'y', 'again', 'flat', 'w', 'v'], tensors });
    const got = lists(bytes, 1)[0];
    const w = [
      [1, 2],
      [3, 4],
    ];
    expect(got).toEqual({ x: x.tolist(), same: x.tolist(), y, again: y, flat: y.flat(), w, v: w.flat() });
    using model = readOnnx(bytes);
    const results = Object.values(model.run({ x }));
    expect(new Set([x, ...results].map(({ storage }) => storage)).size).toBe(results.length + 1);
  });

  test('a model without inputs', () => {
    const bytes = modelOf({
      nodes: [node('Neg', ['w'], ['y'])],
      inputs: [],
      outputs: ['y'],
      tensors: { w: floats([2], [3, -4]) },
    });
    using model = readOnnx(bytes);
    expect([model().tolist(), model.run({}).y.tolist()]).toEqual([
      [-3, 4],
      [-3, 4],
    ]);
  });

  test('files of our own, read and written again', async () => {
    const f = (v: VariableLike) => ({ y: F.relu(v), w: np.array([7, 8]), x: v, double: F.mul(np.array([1, 2]), 2) });
    const bytes = compile(f, [x]).toOnnx();
    using model = readOnnx(bytes);
    for (const file of [bytes, await model.toOnnx([x])]) {
      using read = readOnnx(file);
      const got = read.run({ [read.inputs[0].name]: x });
      expect(Object.values(got).map((a) => a.tolist())).toEqual([y, [7, 8], x.tolist(), [2, 4]]);
    }
  });

  test('the memory of constants is given back', () => {
    const bytes = modelOf({ nodes: [relu], inputs, outputs: ['y', 'w'], tensors: { w: floats([2], [3, 4]) } });
    const before = np.memory().devices.wasm?.bytes;
    for (let i = 0; i < 3; i++) readOnnx(bytes).free();
    expect(np.memory().devices.wasm?.bytes).toBe(before);
  });
});

describe('optional outputs', () => {
  const tensors = {
    s: floats([2], [1, 3]),
    b: floats([2], [0.5, 0.5]),
    m: floats([2], [1, -1]),
    v: floats([2], [4, 9]),
  };
  const rows = np.array([
    [1, 3],
    [-2, 4],
  ]);
  const out = (bytes: Uint8Array) => readOnnx(bytes)(rows.reshape([2, 2])).tolist();

  test.each([
    ['Dropout', node('Dropout', ['x'], ['y', 'extra'], { ratio: { float: 0.5 } }), 7],
    ['Dropout without a name', node('Dropout', ['x'], ['y', '']), 13],
    ['Identity by Split', node('Split', ['x'], ['y', 'extra'], { axis: 0, split: [2, 0] }), 11],
  ])('that nobody reads are not needed: %s', (_, one, opset) => {
    expect(out(modelOf({ nodes: [one], inputs, outputs: ['y'], opset }))).toEqual(rows.tolist());
  });

  test('of MaxPool, LayerNormalization and BatchNormalization', () => {
    const image = [value('x', [1, 1, 2, 2])];
    for (const extra of ['indices', '']) {
      const pool = node('MaxPool', ['x'], ['y', extra], { kernel_shape: [2, 2] });
      expect(
        readOnnx(modelOf({ nodes: [pool], inputs: image, outputs: ['y'] }))(rows.reshape([1, 1, 2, 2])).tolist(),
      ).toEqual([[[[4]]]]);
    }
    const normalization = node('LayerNormalization', ['x', 's'], ['y', 'mean', 'deviation'], {
      epsilon: { float: 0 },
    });
    expect(out(modelOf({ nodes: [normalization], inputs, outputs: ['y'], tensors }))).toEqual([
      [-1, 3],
      [-1, 3],
    ]);
    // (x − m) / √v · s + b, channel by channel
    const batch = node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y', 'a', 'c', 'd', 'e'], {
      epsilon: { float: 0 },
    });
    const got = readOnnx(modelOf({ nodes: [batch], inputs, outputs: ['y'], tensors, opset: 9 }))(rows);
    const want = [0.5, 4.5, -1, 5.5];
    for (const [i, v] of [...got.dataSync()].entries()) expect(v).toBeCloseTo(want[i], 5);
  });

  test('are given where they are read: a mask, a mean and a deviation', () => {
    const dropout = modelOf({
      nodes: [node('Dropout', ['x'], ['y', 'mask'])],
      inputs,
      outputs: ['y', value('mask', null, 'bool')],
    });
    const { y, mask } = readOnnx(dropout).run({ x: rows });
    expect([y.tolist(), mask.dtype, [...mask.dataSync()]]).toEqual([rows.tolist(), 'bool', [1, 1, 1, 1]]);
    const normalization = node('LayerNormalization', ['x', 's'], ['y', 'mean', 'inverse'], { epsilon: { float: 0 } });
    const { mean, inverse } = readOnnx(
      modelOf({ nodes: [normalization], inputs, outputs: ['y', 'mean', 'inverse'], tensors }),
    ).run({ x: rows });
    expect([mean.tolist(), inverse.shape]).toEqual([
      [[2], [1]],
      [2, 1],
    ]);
    expect(inverse.dataSync()[0]).toBeCloseTo(1, 6);
    expect(inverse.dataSync()[1]).toBeCloseTo(1 / 3, 6);
  });

  test('that are read and not supported are named', () => {
    const pool = node('MaxPool', ['x'], ['y', 'places'], { kernel_shape: [2, 2] });
    const bytes = modelOf({ nodes: [pool], inputs: [value('x', [1, 1, 2, 2])], outputs: ['y', 'places'] });
    expect(() => readOnnx(bytes)).toThrow(/the MaxPool.*output 1 \('places'\)/);
  });

  test('Dropout in training draws again at each run', () => {
    const bytes = modelOf({
      nodes: [node('Dropout', ['x', 'ratio', 'training'], ['y', 'mask'])],
      inputs: [value('x', [200])],
      outputs: ['y', value('mask', null, 'bool')],
      tensors: {
        ratio: floats([], [0.25]),
        training: { ...integers([], [1]), dtype: 'bool', elements: [Uint8Array.of(1)] },
      },
    });
    using model = readOnnx(bytes);
    const ones = np.ones([200]);
    const [first, second] = [model.run({ x: ones }), model.run({ x: ones })];
    expect(first.y.tolist()).not.toEqual(second.y.tolist());
    for (const { y, mask } of [first, second]) {
      const kept = [...mask.dataSync()];
      expect(Math.abs(kept.filter(Boolean).length - 150)).toBeLessThan(30);
      expect([...y.dataSync()]).toEqual(kept.map((k) => Math.fround(k / 0.75)));
    }
  });
});

describe('axes may count from the end', () => {
  const cube = np.array(Float32Array.from({ length: 24 }, (_, i) => Math.sin(3.7 * i))).reshape([2, 3, 4]);
  const cubes = [value('x', [2, 3, 4])];
  const list = (values: readonly number[]) => integers([values.length], values);

  const attributes: [string, string[]][] = [
    ['Softmax', []],
    ['LogSoftmax', []],
    ['Flatten', []],
    ['ArgMax', []],
    ['ArgMin', []],
    ['Concat', ['x']],
  ];
  test.each(attributes)('%s, as an attribute', (op, more) => {
    const results = [1, -2].map((axis) =>
      readOnnx(modelOf({ nodes: [node(op, ['x', ...more], ['y'], { axis })], inputs: cubes, outputs: ['y'] }))(cube),
    );
    expect(results[1].tolist()).toEqual(results[0].tolist());
  });

  test.each(['ReduceSum', 'ReduceMax', 'ReduceL2', 'Unsqueeze'])('%s, as an input', (op) => {
    const results = [[0, 2], op === 'Unsqueeze' ? [-5, -3] : [-3, -1]].map((axes) =>
      readOnnx(
        modelOf({ nodes: [node(op, ['x', 'a'], ['y'])], inputs: cubes, outputs: ['y'], tensors: { a: list(axes) } }),
      )(cube),
    );
    expect(results[1].tolist()).toEqual(results[0].tolist());
  });

  test.each([
    ['sizes', ['x', '', '', 'size'], { size: list([6, 2]) }],
    ['scales', ['x', '', 'scale'], { scale: floats([2], [2, 0.5]) }],
  ])('Resize by %s', (_, names, tensors) => {
    const results = [
      [1, 2],
      [-2, -1],
      [1, -1],
    ].map((axes) =>
      readOnnx(
        modelOf({
          nodes: [node('Resize', names, ['y'], { axes, mode: 'linear' })],
          inputs: cubes,
          outputs: ['y'],
          tensors,
        }),
      )(cube),
    );
    for (const y of results) {
      expect(y.shape).toEqual([2, 6, 2]);
      expect(y.tolist()).toEqual(results[0].tolist());
    }
  });
});

describe('Resize', () => {
  const resized = (
    length: number,
    scale: number,
    attributes: Record<string, string>,
    op = 'Resize',
    opset = 13,
  ): number[] => {
    const bytes = modelOf({
      nodes: [node(op, op === 'Resize' ? ['x', '', 's'] : ['x', 's'], ['y'], attributes)],
      inputs: [value('x', [1, 1, 1, length])],
      outputs: ['y'],
      tensors: { s: floats([4], [1, 1, 1, scale]) },
      opset,
    });
    const pixels = Float32Array.from({ length }, (_, i) => i);
    return [...readOnnx(bytes)(np.array(pixels).reshape([1, 1, 1, length])).dataSync()];
  };

  test('multiplies lengths in float32', () => {
    // Where the product of the float32 scale is just below a whole number: onnxruntime and PyTorch give that number.
    for (const [length, scale, want] of [
      [5, 1.4, 7],
      [20, 0.35, 7],
      [10, 3.3, 33],
      [30, 1.1, 33],
      [7, 2, 14],
      [7, 1.5, 10],
    ]) {
      expect(resized(length, scale, { mode: 'linear' }).length, `${length} · ${scale}`).toBe(want);
      expect(resized(length, scale, { mode: 'nearest' }, 'Upsample', 9).length, `${length} · ${scale}`).toBe(want);
    }
  });

  test('takes the pixels that onnxruntime takes', () => {
    const floor = { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' };
    expect(resized(20, 0.1, floor)).toEqual([0, 10]);
    const halves = { mode: 'nearest', nearest_mode: 'round_prefer_floor' };
    expect(resized(7, 0.7, halves)).toEqual([0, 2, 3, 4]);
    expect(resized(5, 0.6, { mode: 'nearest', nearest_mode: 'floor' })).toEqual([0, 2, 3]);
    expect(resized(2, 1.1, { mode: 'linear' })).toEqual([0, 1]);
  });
});

describe('elements', () => {
  const elementwise = (
    one: ReturnType<typeof node>,
    values: readonly number[],
    dtype: 'float32' | 'int32',
    to = dtype,
  ) => {
    const bytes = modelOf({
      nodes: [one],
      inputs: [value('x', [values.length], dtype)],
      outputs: [value('y', null, to)],
    });
    return [...readOnnx(bytes)(np.array(values, dtype)).dataSync()];
  };

  test('IsInf asks for one sign, both or none', () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 3, -3];
    for (const [positive, negative, want] of [
      [1, 1, [1, 1, 0, 0, 0]],
      [1, 0, [1, 0, 0, 0, 0]],
      [0, 1, [0, 1, 0, 0, 0]],
      [0, 0, [0, 0, 0, 0, 0]],
    ] as const) {
      const one = node('IsInf', ['x'], ['y'], { detect_positive: positive, detect_negative: negative });
      expect(elementwise(one, values, 'float32')).toEqual(want);
    }
  });

  /** The numbers of ONNX's types, and what holds such integers. */
  const NARROW = {
    uint8: [2, Uint8Array],
    int8: [3, Int8Array],
    uint16: [4, Uint16Array],
    int16: [5, Int16Array],
  } as const;

  test.each(Object.entries(NARROW))('Cast to %s keeps the low bits', (_, [to, Held]) => {
    const whole = [0, 1, -1, 127, 128, 200, 255, 256, 300, -128, -129, -200, 32768, 40000, 65535, 65536, -32769, 1e9];
    const want = [...Held.from(whole)];
    const cast = node('Cast', ['x'], ['y'], { to });
    expect(elementwise(cast, whole, 'int32')).toEqual(want);
    expect(elementwise(cast, whole, 'float32')).toEqual(want);
    expect(elementwise(cast, [2 ** 31 - 1, -(2 ** 31)], 'int32')).toEqual([...Held.of(-1, 0)]);
    // Toward zero; what no int32 holds has no low bits.
    const fractions = [1.9, -1.9, 200.7, 3e9, -3e9, Number.POSITIVE_INFINITY, Number.NaN];
    expect(elementwise(cast, fractions, 'float32')).toEqual([...Held.of(1, -1, 200, 0, 0, 0, 0)]);
  });

  test('reductions of integers are integers', () => {
    expect(elementwise(node('ReduceMean', ['x'], ['y'], { keepdims: 0 }), [1, 2, 2, 2], 'int32')).toEqual([1]);
    expect(elementwise(node('ReduceMean', ['x'], ['y'], { keepdims: 0 }), [-1, 0], 'int32')).toEqual([0]);
    expect(elementwise(node('ReduceL2', ['x'], ['y'], { keepdims: 0 }), [3, 10], 'int32')).toEqual([10]);
  });

  test('reductions of no axes still compute', () => {
    const noop = (op: string) => node(op, ['x'], ['y'], { noop_with_empty_axes: 1 });
    expect(elementwise(noop('ReduceL1'), [-2, 3], 'float32')).toEqual([2, 3]);
    expect(elementwise(noop('ReduceSumSquare'), [-2, 3], 'float32')).toEqual([4, 9]);
    expect(elementwise(noop('ReduceMax'), [-2, 3], 'float32')).toEqual([-2, 3]);
  });
});

describe('inputs', () => {
  const model = (shape: Parameters<typeof value>[1], ...more: Parameters<typeof value>[1][]) =>
    readOnnx(
      modelOf({
        nodes: [node('Sum', ['x', ...more.map((_, i) => `x${i}`)], ['y'])],
        inputs: [value('x', shape), ...more.map((s, i) => value(`x${i}`, s))],
        outputs: ['y'],
      }),
    );

  test('of lengths that a file leaves open: -1, no name, a name, no shape at all', () => {
    for (const shape of [[-1, 2], ['', 2], ['batch', 2], ['?', '?'], null]) {
      using open = model(shape);
      for (const n of [1, 3]) expect(open(np.ones([n, 2])).shape, `${shape}`).toEqual([n, 2]);
    }
    expect(model(null)(np.ones([2, 3, 4])).shape).toEqual([2, 3, 4]);
    expect(model([-1, 2]).inputs).toEqual([value('x', ['', 2])]);
    expect(model(null).inputs).toEqual([value('x', null)]);
  });

  test('of no axes are one number', () => {
    expect(model([])(np.array(3)).tolist()).toBe(3);
    expect(() => model([])(np.ones([1]))).toThrow(ShapeError);
  });

  test('of other kinds are refused, with names and what is expected', () => {
    using one = model(['n', 3]);
    using two = model(['n', 3], ['n', 3]);
    const row = np.ones([1, 3]);
    const call = (...args: unknown[]) => one(...(args as np.NDArray[]));
    expect(() => call()).toThrow(/0 arrays for the 1 inputs 'x' float32 \(n,3\)/);
    expect(() => call(row, row)).toThrow(ShapeError);
    expect(() => call(np.ones([1, 4]))).toThrow(/input 'x' is \(1,4\), expected float32 \(n,3\)/);
    expect(() => call(np.ones([3]))).toThrow(ShapeError);
    expect(() => call(np.ones([1, 3], 'int32'))).toThrow(DTypeError);
    expect(() => call(np.ones([1, 3], 'int32'))).toThrow(/input 'x' is int32, expected float32 \(n,3\)/);
    for (const [wrong, words] of [
      [[[1, 2, 3]], 'an array of 1'],
      [Float32Array.of(1, 2, 3), 'a Float32Array'],
      [new Variable(row), 'a Variable'],
      [Promise.resolve(row), 'a Promise'],
      [undefined, 'undefined'],
      [null, 'null'],
    ] as const) {
      expect(() => call(wrong), words).toThrow(TypeError);
      expect(() => call(wrong)).toThrow(`input 'x' is ${words}, expected an NDArray float32 (n,3)`);
    }
    // Once graphs exist, too.
    call(row);
    expect(() => call([[1, 2, 3]])).toThrow(TypeError);
    expect(() => two.run({ x: row })).toThrow(/input 'x0' is missing; given are x/);
    const run = two.run as (named?: unknown) => unknown;
    for (const nothing of [undefined, null, []]) expect(() => run(nothing)).toThrow(/'x' is missing; given are none/);
    expect(() => two.graphFor(row, row).run([row, np.ones([2, 3])])).toThrow(ShapeError);
  });

  test('that do not fit one another are refused where a node meets them', () => {
    using two = model(['n', 3], ['n', 3]);
    expect(() => two.run({ x: np.ones([2, 3]), x0: np.ones([4, 3]) })).toThrow(FormatError);
  });
});
