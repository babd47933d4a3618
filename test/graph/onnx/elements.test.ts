/**
 * ONNX tensors of types other than float32: which operators compute with them, and which refuse them by name. Oracles:
 * worked out by hand.
 */
import { describe, expect, test } from 'vitest';
import type { NumericDType } from '../../../src/formats/host-array.js';
import { readOnnx } from '../../../src/graph/onnx/load.js';
import { FormatError, np } from '../../../src/index.js';
import { floats, integers, modelOf, node, value } from '../../support/onnx-model.js';

describe('ScatterElements of integers', () => {
  const scatter = (
    x: number[],
    updates: number[],
    places: number[],
    reduction: string,
    dtype: NumericDType = 'int32',
  ) => {
    const bytes = modelOf({
      nodes: [node('ScatterElements', ['x', 'i', 'u'], ['y'], { reduction })],
      inputs: [value('x', [x.length], dtype), value('u', [updates.length], dtype)],
      outputs: ['y'],
      tensors: { i: integers([places.length], places) },
    });
    using model = readOnnx(bytes);
    const dtypeHere = dtype === 'int32' || dtype === 'uint8' || dtype === 'bool' ? dtype : 'float32';
    const y = model.run({ x: np.array(x, dtypeHere), u: np.array(updates, dtypeHere) }).y;
    return [y.dtype, y.tolist()];
  };
  const [least, most] = [-(2 ** 31), 2 ** 31 - 1];

  test('every int32 is set as it is', () => {
    expect(scatter([most, least, -1, 7, 65536], [least, most, -65537, 16777217], [0, 1, -1, 2], 'none')).toEqual([
      'int32',
      [least, most, 16777217, 7, -65537],
    ]);
  });

  test('sums are exact', () => {
    expect(scatter([most - 5, -3], [1, 1, 1, -16777217], [0, 0, 0, 1], 'add')).toEqual([
      'int32',
      [most - 2, -16777220],
    ]);
  });

  test('bytes and booleans', () => {
    expect(scatter([1, 2, 255], [254, 0], [0, 2], 'none', 'uint8')).toEqual(['uint8', [254, 2, 0]]);
    expect(scatter([1, 0, 1], [0, 1], [0, 1], 'none', 'bool')).toEqual(['bool', [0, 1, 1]]);
  });
});

const ints = [value('x', [1, 1, 3, 3], 'int32')];
const halves = [value('x', [1, 1, 3, 3])];

test.each([
  ['AveragePool of integers', node('AveragePool', ['x'], ['y'], { kernel_shape: [2, 2] }), ints, 'input 0 is int32'],
  ['LRN of integers', node('LRN', ['x'], ['y'], { size: 3 }), ints, 'input 0 is int32'],
  ['Conv of integers', node('Conv', ['x', 'w'], ['y']), ints, 'input 0 is int32'],
  ['a weight of another type', node('Conv', ['x', 'i'], ['y']), halves, 'its weight is int32'],
  [
    'a bias of another type',
    node('Conv', ['x', 'w', 'b'], ['y']),
    halves,
    'its bias is int32 (1,), expected float32 (1,)',
  ],
  [
    'updates of another type',
    node('ScatterElements', ['x', 'i', 'i'], ['y']),
    halves,
    'its updates are int32, its input float32',
  ],
] as const)('%s: the error names the node', (_, made, inputs, message) => {
  const tensors = {
    w: floats([1, 1, 1, 1], [1]),
    b: integers([1], [1]),
    i: integers([1, 1, 1, 1], [0]),
  };
  const open = () => readOnnx(modelOf({ nodes: [made], inputs, outputs: ['y'], tensors, opset: 13 }));
  expect(open).toThrow(FormatError);
  expect(open).toThrow(`node 'the ${made.op}' (${made.op}, version 13): ${message}`);
});

test('Range counts in its own type', () => {
  const range = (make: (n: number) => ReturnType<typeof integers>, from: number, to: number, by: number) => {
    using model = readOnnx(
      modelOf({
        nodes: [node('Range', ['a', 'b', 'c'], ['y'])],
        inputs: [],
        outputs: ['y'],
        tensors: { a: make(from), b: make(to), c: make(by) },
      }),
    );
    return model.run({}).y.tolist();
  };
  // Beyond 2²⁴ float32 would skip every other.
  expect(range((n) => integers([], [n]), 2 ** 24, 2 ** 24 + 4, 1)).toEqual([0, 1, 2, 3].map((i) => 2 ** 24 + i));
  expect(range((n) => integers([], [n]), 5, 0, -2)).toEqual([5, 3, 1]);
  expect(range((n) => floats([], [n]), 0, 1, 0.25)).toEqual([0, 0.25, 0.5, 0.75]);
  expect(() => range((n) => integers([], [n]), 0, 5, 0)).toThrow(FormatError);
});
