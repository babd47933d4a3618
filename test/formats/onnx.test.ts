/** ONNX files as other programs write them. Oracle: the field numbers of onnx.proto, and values worked out by hand. */
import { describe, expect, test } from 'vitest';
import { parseOnnx } from '../../src/formats/onnx/parse.js';
import { decodeTensor } from '../../src/formats/onnx/tensor.js';
import { DTypeError, FormatError, np, readOnnx, ShapeError, ValueError } from '../../src/index.js';
import { encodeMessage, type Fields } from '../support/caffemodel.js';

const FLOAT = 1;

const value = (name: string, dims: readonly (number | string)[]): Fields => [
  [1, name],
  [
    2,
    [
      [
        1,
        [
          [1, FLOAT],
          [2, dims.map((n) => [1, [typeof n === 'number' ? [1, n] : [2, n]]] as const)],
        ],
      ],
    ],
  ],
];

const node = (op: string, inputs: readonly string[], output: string, more: Fields = []): Fields => [
  ...inputs.map((name) => [1, name] as const),
  [2, output],
  [3, `the ${op}`],
  [4, op],
  ...more,
];

interface Spec {
  readonly nodes: readonly Fields[];
  readonly tensors?: readonly Fields[];
  readonly input?: readonly (number | string)[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** A ModelProto with an input x. */
function model({ nodes, tensors = [], input = [2, 3], outputs = ['y'], opset = 13 }: Spec): Uint8Array {
  const graph: Fields = [
    ...nodes.map((fields) => [1, fields] as const),
    [2, 'graph'],
    ...tensors.map((fields) => [5, fields] as const),
    [11, value('x', input)],
    ...outputs.map((name) => [12, value(name, ['n'])] as const),
  ];
  return encodeMessage([
    [1, 7],
    [7, graph],
    [
      8,
      [
        [1, ''],
        [2, opset],
      ],
    ],
  ]);
}

const x = () =>
  np.array([
    [1, 2, 3],
    [4, 5, 6],
  ]);

describe('tensors', () => {
  const tensorsOf = (fields: Fields) => parseOnnx(model({ nodes: [], tensors: [fields] })).initializers;
  const decoded = (fields: Fields) => Array.from(tensorsOf(fields).values(), decodeTensor)[0];

  test.each<[string, Fields, ArrayLike<unknown>]>([
    [
      'floats',
      [
        [1, [3]],
        [2, 1],
        [4, Float32Array.of(0.5, -1, 3)],
      ],
      [0.5, -1, 3],
    ],
    [
      'doubles',
      [
        [1, [2]],
        [2, 11],
        [10, Float64Array.of(0.1, -1)],
      ],
      [0.1, -1],
    ],
    [
      'integers of 64 bits',
      [
        [1, [2]],
        [2, 7],
        [7, [2 ** 40, -3]],
      ],
      [2n ** 40n, -3n],
    ],
    [
      'bytes in a list of integers',
      [
        [1, [2]],
        [2, 2],
        [5, [200, 3]],
      ],
      [200, 3],
    ],
    [
      'halves in a list of integers',
      [
        [1, [2]],
        [2, 10],
        [5, [0x3c00, 0xc000]],
      ],
      [1, -2],
    ],
    [
      'one element without axes',
      [
        [2, 1],
        [4, Float32Array.of(7)],
      ],
      [7],
    ],
  ])('%s', (_, fields, expected) => {
    expect(Array.from(decoded([[8, 't'], ...fields]).data as ArrayLike<unknown>)).toEqual(Array.from(expected));
  });

  test.each<[string, Fields, RegExp]>([
    [
      'more elements than there are',
      [
        [1, [1000, 1000, 1000]],
        [2, 1],
        [4, Float32Array.of(1)],
      ],
      /takes 1000000000 .* got 1/,
    ],
    [
      'a shape beyond counting',
      [
        [1, [2 ** 40, 2 ** 40]],
        [2, 1],
      ],
      /is not a shape/,
    ],
    [
      'strings',
      [
        [1, [1]],
        [2, 8],
        [6, 'a'],
      ],
      /type 8/,
    ],
  ])('%s', (_, fields, reason) => {
    expect(() => tensorsOf([[8, 't'], ...fields])).toThrow(FormatError);
    expect(() => tensorsOf([[8, 't'], ...fields])).toThrow(reason);
  });
});

test('data in another file is asked for when it is decoded', () => {
  const fields: Fields = [
    [8, 't'],
    [1, [2]],
    [2, 1],
    [
      13,
      [
        [1, 'location'],
        [2, 'weights.bin'],
      ],
    ],
    [14, 1],
  ];
  const bytes = model({ nodes: [node('Mul', ['x', 't'], 'y')], tensors: [fields], input: [2] });
  const [tensor] = parseOnnx(bytes).initializers.values();
  expect(tensor.elements).toEqual({ external: new Map([['location', 'weights.bin']]) });
  expect(() => decodeTensor(tensor)).toThrow(/'t' is in another file, 'weights.bin'.*loadOnnx/);
  expect(() => readOnnx(bytes)).toThrow(FormatError);
});

describe('models', () => {
  test('a batch without a length is any length, and each gets a graph', () => {
    const bytes = model({ nodes: [node('Relu', ['x'], 'a'), node('Neg', ['a'], 'y')], input: ['batch', 3] });
    const predict = readOnnx(bytes);
    expect(predict(x()).tolist()).toEqual([
      [-1, -2, -3],
      [-4, -5, -6],
    ]);
    expect(predict(np.array([[-1, 0.5, 2]])).shape).toEqual([1, 3]);
    expect(predict.graphFor(x())).toBe(predict.graphFor(x()));
    expect(() => predict(np.ones([2, 4]))).toThrow(ShapeError);
    expect(() => predict(np.ones([2, 3], 'int32'))).toThrow(DTypeError);
  });

  test('shapes are computed before anything runs', () => {
    const nodes = [
      node('Shape', ['x'], 's'),
      node('Gather', ['s', 'zero'], 'n'),
      node('Unsqueeze', ['n', 'axis'], 'head'),
      node('Concat', ['head', 'rest'], 'shape', [
        [
          5,
          [
            [1, 'axis'],
            [3, 0],
            [20, 2],
          ],
        ],
      ]),
      node('Reshape', ['x', 'shape'], 'y'),
    ];
    const tensors: Fields[] = [
      [
        [8, 'zero'],
        [2, 7],
        [7, [0]],
      ],
      [
        [8, 'axis'],
        [1, [1]],
        [2, 7],
        [7, [0]],
      ],
      [
        [8, 'rest'],
        [1, [2]],
        [2, 7],
        [7, [-1, 1]],
      ],
    ];
    const predict = readOnnx(model({ nodes, tensors, input: ['n', 3] }));
    expect(predict(x()).shape).toEqual([2, 3, 1]);
    expect(predict.graphFor(x()).graph.nodes).toEqual([]);
  });

  test('several outputs come by name', () => {
    const bytes = model({ nodes: [node('Neg', ['x'], 'a'), node('Abs', ['a'], 'b')], outputs: ['a', 'b'] });
    const predict = readOnnx(bytes);
    const { a, b } = predict.run({ x: x() });
    expect([a.tolist(), b.tolist()]).toEqual([
      [
        [-1, -2, -3],
        [-4, -5, -6],
      ],
      x().tolist(),
    ]);
    expect(() => predict(x())).toThrow(ValueError);
    expect(() => predict.run({})).toThrow(/'x' is missing/);
  });

  test.each<[string, Spec, RegExp]>([
    ['an operator that is not known', { nodes: [node('TopK', ['x'], 'y')] }, /node 'the TopK' \(TopK, version 13\)/],
    ['an operator of others', { nodes: [node('Relu', ['x'], 'y', [[7, 'com.example']])] }, /com\.example\.Relu/],
    [
      'an attribute that is not known',
      {
        nodes: [
          node('Conv', ['x', 'x'], 'y', [
            [
              5,
              [
                [1, 'knob'],
                [3, 1],
                [20, 2],
              ],
            ],
          ]),
        ],
      },
      /'the Conv'.*'knob'/,
    ],
    [
      'a subgraph',
      {
        nodes: [
          node('Relu', ['x'], 'y', [
            [
              5,
              [
                [1, 'body'],
                [20, 5],
              ],
            ],
          ]),
        ],
      },
      /'body' is of type 5/,
    ],
    ['a value that nothing computes', { nodes: [node('Relu', ['z'], 'y')] }, /'z' is used before/],
    ['a shape that depends on values', { nodes: [node('Reshape', ['x', 'x'], 'y')] }, /'the Reshape'.*depends on/],
    [
      'shapes that do not fit',
      { nodes: [node('MatMul', ['x', 'x'], 'y')] },
      /'the MatMul' \(MatMul, version 13\): .*inner sizes/,
    ],
    ['operators of long ago', { nodes: [node('Relu', ['x'], 'y')], opset: 3 }, /version 3/],
  ])('%s', (_, spec, reason) => {
    expect(() => readOnnx(model(spec))).toThrow(FormatError);
    expect(() => readOnnx(model(spec))).toThrow(reason);
  });

  test('bytes may be an ArrayBuffer; other values are refused in words', () => {
    const bytes = model({ nodes: [node('Neg', ['x'], 'y')] });
    const { buffer } = bytes.slice();
    expect(readOnnx(buffer as ArrayBuffer)(x()).tolist()).toEqual([
      [-1, -2, -3],
      [-4, -5, -6],
    ]);
    for (const [wrong, words] of [
      ['model.onnx', "the text 'model.onnx'"],
      [Promise.resolve(bytes), 'a Promise'],
      [undefined, 'undefined'],
    ] as const) {
      expect(() => readOnnx(wrong as unknown as Uint8Array)).toThrow(TypeError);
      expect(() => readOnnx(wrong as unknown as Uint8Array)).toThrow(`${words} came, expected the bytes of a file`);
    }
  });

  test('bytes that are not a model are refused', () => {
    expect(() => parseOnnx(new Uint8Array())).toThrow(FormatError);
    expect(() => parseOnnx(Uint8Array.of(1, 2, 3))).toThrow(FormatError);
  });
});
