/** The values that `np.array` accepts, their dtypes, and the values that it refuses. */
import { describe, expect, it } from 'vitest';
import { datasets, F, IndexError, L, np, ShapeError, ValueError, Variable } from '../../src/index.js';

const made = (data: unknown, dtype?: 'int32' | 'float64' | 'uint8') => {
  const x = np.array(data as number[], dtype);
  return [x.dtype, x.shape, x.tolist()];
};

describe('host arrays', () => {
  it.each([
    [new Uint8ClampedArray([7, 300]), ['uint8', [2], [7, 255]]],
    [new Int8Array([-3, 4]), ['int32', [2], [-3, 4]]],
    [new Int16Array([-300]), ['int32', [1], [-300]]],
    [new Uint16Array([65535]), ['int32', [1], [65535]]],
    [new Uint32Array([2147483647]), ['int32', [1], [2147483647]]],
    [new BigInt64Array([-5n, 6n]), ['int32', [2], [-5, 6]]],
    [new BigUint64Array([9n]), ['int32', [1], [9]]],
    [new Float64Array([0.1]), ['float64', [1], [0.1]]],
    [new Uint8Array([1, 2, 3, 4]).buffer, ['uint8', [4], [1, 2, 3, 4]]],
    [new SharedArrayBuffer(2), ['uint8', [2], [0, 0]]],
    [new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2), ['uint8', [2], [2, 3]]],
    [
      [new Float32Array([1, 2]), new Float32Array([3, 4])],
      [
        'float32',
        [2, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    [
      [new Uint8Array([1]), new Float64Array([0.5])],
      ['float64', [2, 1], [[1], [0.5]]],
    ],
  ])('%o', (data, expected) => {
    expect(made(data)).toEqual(expected);
  });

  it.each([[new Uint32Array([4294967295])], [new BigInt64Array([2n ** 40n])], [new BigUint64Array([2n ** 63n])]])(
    '%o does not fit int32',
    (data) => {
      expect(() => np.array(data)).toThrow(ValueError);
      expect(np.array(data, 'float64').tolist()).toEqual([Number(data[0])]);
    },
  );
});

describe('nests', () => {
  it('an array whose memory was given away is empty', () => {
    const data = Float32Array.of(1, 2);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    expect(np.array(data).shape).toEqual([0]);
  });

  it.each<[string, unknown, unknown]>([
    [
      'arrays',
      [np.array([1, 2]), np.array([3, 4])],
      [
        'float32',
        [2, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    ['arrays of two dtypes', [np.array([1], 'int32'), np.array([0.5])], ['float32', [2, 1], [[1], [0.5]]]],
    ['0-d arrays and numbers', [np.array(2), 5], ['float32', [2], [2, 5]]],
    ['arrays two levels deep', [[np.ones([1])], [np.zeros([1])]], ['float32', [2, 1, 1], [[[1]], [[0]]]]],
    ['variables', [new Variable(np.array([1])), new Variable(np.array([2]))], ['float32', [2, 1], [[1], [2]]]],
    ['a set', new Set([3, 1]), ['float32', [2], [3, 1]]],
    [
      'a generator',
      (function* () {
        yield 1;
        yield 2;
      })(),
      ['float32', [2], [1, 2]],
    ],
    ['bigints', [1n, 2n], ['int32', [2], [1, 2]]],
    ['booleans', [[true], [false]], ['bool', [2, 1], [[1], [0]]]],
    ['booleans and numbers', [true, 2], ['float32', [2], [1, 2]]],
    ['nothing', [], ['float32', [0], []]],
    ['empty lists', [[], []], ['float32', [2, 0], [[], []]]],
  ])('%s', (_, data, expected) => {
    expect(made(data)).toEqual(expected);
  });

  it('ragged rows are refused, of every kind', () => {
    for (const rows of [
      [[1], [1, 2]],
      [[1], 2],
      [1, [2]],
      [np.ones([2]), np.ones([3])],
      [new Uint8Array(1), [1, 2]],
    ])
      expect(() => np.array(rows as number[])).toThrow(ShapeError);
    const itself: unknown[] = [];
    itself.push(itself);
    expect(() => np.array(itself as number[])).toThrow(ShapeError);
  });
});

describe('pictures and tensors of other libraries', () => {
  const pixels = Uint8ClampedArray.from({ length: 24 }, (_, i) => i);

  it.each<[string, object, number[], string]>([
    ['ImageData', { data: pixels, width: 3, height: 2 }, [2, 3, 4], 'uint8'],
    ['a picture with channels', { data: pixels, width: 4, height: 2, channels: 3 }, [2, 4, 3], 'uint8'],
    ['a tensor of onnxruntime', { data: new Float32Array(6), dims: [3, 2], type: 'float32' }, [3, 2], 'float32'],
    ['a tensor with its shape', { data: [1, 2, 3], shape: [3, 1] }, [3, 1], 'float32'],
    ['int64', { data: new BigInt64Array(2), dims: [2] }, [2], 'int32'],
  ])('%s', (_, data, shape, dtype) => {
    const x = np.array(data as never);
    expect([x.shape, x.dtype]).toEqual([shape, dtype]);
  });

  it('the strides of ndarray are followed', () => {
    const data = new Float64Array([1, 2, 3, 4, 5, 6]);
    expect(np.array({ data, shape: [3, 2], stride: [1, 3], offset: 0 }).tolist()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(np.array({ data, shape: [2], stride: [-2], offset: 4 }).tolist()).toEqual([5, 3]);
  });

  it('data that come by a call, and wrong sizes', () => {
    const tensor = { shape: [1], data: async () => new Float32Array(1) };
    expect(() => np.array(tensor as never)).toThrow(/await x.data\(\)/);
    expect(() => np.array({ data: new Float32Array(5), shape: [2, 3] })).toThrow(ShapeError);
  });
});

it.each<[string, unknown, RegExp]>([
  ['undefined', undefined, /^array: data is undefined/],
  ['null in a list', [[1, null]], /^array: data\[0\]\[1\] is null/],
  ['a text', 'abc', /^array: data is the text 'abc'/],
  ['a record', { a: 1 }, /^array: data is an object \{ a \}/],
  ['a function', [() => 1], /^array: data\[0\] is the function/],
  ['a date', new Date(0), /^array: data is a Date/],
  ['a promise', Promise.resolve([1]), /^array: data is a Promise/],
])('%s is a TypeError that says where', (_, data, message) => {
  expect(() => np.array(data as number[])).toThrow(TypeError);
  expect(() => np.array(data as number[])).toThrow(message);
});

describe('numbers that a dtype cannot hold', () => {
  it.each<[string, () => unknown]>([
    ['np.array', () => np.array([-129e7 * 2], 'int32')],
    ['np.array of NaN', () => np.array([Number.NaN], 'int32')],
    ['np.array of uint8', () => np.array([-1], 'uint8')],
    ['np.full', () => np.full([2], 2 ** 31, 'int32')],
    ['np.fullLike', () => np.fullLike(np.zeros([1], 'uint8'), 256)],
    ['fill', () => np.zeros([1], 'int32').fill(Number.POSITIVE_INFINITY)],
    ['copyto', () => np.copyto(np.zeros([1], 'uint8'), -1)],
    ['set', () => np.zeros([1], 'uint8').set([300])],
    ['np.pad', () => np.pad(np.zeros([1], 'uint8'), 1, 300)],
    ['multiply', () => np.multiply(np.ones([1], 'int32'), 1e10)],
    ['maximum', () => np.ones([1], 'int32').maximum(-3e9)],
    ['a list beside int32', () => np.ones([1], 'int32').add([3e9])],
  ])('%s', (_, call) => {
    expect(call).toThrow(ValueError);
  });

  const x = np.array([-2147483648, -1, 0, 7, 16777217, 2147483647], 'int32');
  const values = [...x.dataSync()];
  const compare = {
    less: (a: number, b: number) => a < b,
    lessEqual: (a: number, b: number) => a <= b,
    greater: (a: number, b: number) => a > b,
    greaterEqual: (a: number, b: number) => a >= b,
    equal: (a: number, b: number) => a === b,
    notEqual: (a: number, b: number) => a !== b,
  } as const;
  const numbers = [2 ** 31, 2 ** 32, -(2 ** 31) - 1, 16777216.5, -0.5, 6.5, 7, 1e300, Number.NaN, -1 / 0];

  it.each(Object.entries(compare))('%s gives the true answer', (name, holds) => {
    const op = name as keyof typeof compare;
    for (const n of numbers) {
      expect(np[op](x, n).tolist()).toEqual(values.map((v) => Number(holds(v, n))));
      expect(np[op](n, x).tolist()).toEqual(values.map((v) => Number(holds(n, v))));
    }
  });

  it('limits beyond the dtype do not clip', () => {
    expect(np.clip(x, -1e10, 5).tolist()).toEqual([-2147483648, -1, 0, 5, 5, 5]);
    expect(np.clip(x, 0, 2 ** 40).tolist()).toEqual([0, 0, 0, 7, 16777217, 2147483647]);
    expect(np.clip(x, 0, 2 ** 40).dtype).toBe('int32');
    expect(() => np.clip(x, 2 ** 40, null)).toThrow(ValueError);
  });
});

describe('operands', () => {
  it('lists take the dtype of the array beside them', () => {
    expect(np.add(np.ones([2], 'int32'), [1, 2]).dtype).toBe('int32');
    expect(np.add(np.ones([2], 'int32'), [1, 2.5]).dtype).toBe('float32');
    expect(np.add([1, 2], np.ones([2], 'float64')).dtype).toBe('float64');
    expect(F.mul(np.ones([2], 'float64'), [3, 4]).array.tolist()).toEqual([3, 4]);
    expect(new Variable(np.ones([2])).sub([1, 2]).tolist()).toEqual([0, -1]);
    expect(F.maximum(3, [1, 5]).tolist()).toEqual([3, 5]);
  });

  it('gradients flow beside a list', () => {
    const x = new Variable(np.array([1, 2]));
    F.sum(F.mul([3, 4], x)).backward();
    expect(x.grad?.tolist()).toEqual([3, 4]);
  });

  it('links and layers take lists', () => {
    const link = new L.Linear(2, 1, { initialW: [[1, 2]] });
    expect(link([[3, 4]]).tolist()).toEqual([[11]]);
    expect(new L.EmbedID(3, 1, { initialW: [[1], [2], [3]] })([2, 0]).tolist()).toEqual([[3], [1]]);
  });

  it('positions and labels with fractions are IndexErrors', () => {
    const x = np.array([1, 2, 3]);
    expect(() => x.at([1.5])).toThrow(IndexError);
    expect(() => np.take(x, [0.5], 0)).toThrow(IndexError);
    expect(() => F.softmaxCrossEntropy([[1, 2]], [0.5])).toThrow(IndexError);
    expect(np.take(x, [2, 0], 0).tolist()).toEqual([3, 1]);
  });

  it('a Variable in np is refused, so that no gradient is lost', () => {
    const v = new Variable(np.ones([2]));
    expect(() => np.exp(v as never)).toThrow(/use F/);
    expect(() => np.ones([2]).add(v as never)).toThrow(TypeError);
  });

  it('operators of JavaScript are refused in words', () => {
    const x: unknown = np.ones([2]);
    const v: unknown = new Variable(np.ones([2]));
    for (const y of [x, v]) {
      expect(() => (y as number) + 1).toThrow(/x\.add\(y\)/);
      expect(() => (y as number) > 1).toThrow(TypeError);
      expect(() => `${y}`).not.toThrow();
    }
    expect((np.array(3) as unknown as number) + 1).toBe(4);
    expect((F.sum(np.ones([2])) as unknown as number) * 2).toBe(4);
  });
});

describe('arguments that tsc would refuse', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['zeros(2, 3)', () => np.zeros(2, 3 as never), /zeros\(\[2, 3\]\)/],
    ['ones of a text', () => np.ones('2' as never), /ones: shape is the text '2'/],
    ['an option of np.array', () => np.array([1], { dtpe: 'int32' } as never), /no option 'dtpe'/],
    ['an option of a function', () => F.dropout(np.ones([2]), 0.5, { masc: null } as never), /no option 'masc'/],
    [
      'an option of a link',
      () => new L.Linear(2, 2, { noBias: true } as never),
      /Linear: no option 'noBias'; there are/,
    ],
    [
      'options for a size',
      () => new L.Convolution2D(3, 16, { pad: 1 } as never),
      /Convolution2D: ksize is an object \{ pad \}/,
    ],
    ['options for a stride', () => new L.Convolution2D(3, 16, 3, { pad: 1 } as never), /stride is an object \{ pad \}/],
    ['NaN for a size', () => new L.Linear(3, Number.NaN), /outSize is NaN/],
    ['a fraction for a size', () => new L.EmbedID(2.5, 3), /inSize is 2.5/],
    ['a negative size', () => new L.Convolution2D(3, -1, 3), /outChannels is -1/],
    ['an axis in options', () => np.sum(np.ones([2]), { axis: 0 } as never), /axis is an object \{ axis \}/],
    ['a batch that is none', () => datasets.concatExamples(3 as never), /the batch is 3/],
    ['an example that is none', () => datasets.concatExamples([[1], [{}]] as never), /part of example 1 is/],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  it('both forms of axes and of shapes', () => {
    const x = np.ones([2, 3, 4]);
    expect(x.transpose(2, 0, 1).shape).toEqual(x.transpose([2, 0, 1]).shape);
    expect(new Variable(x).transpose(2, 0, 1).shape).toEqual([4, 2, 3]);
    expect(np.random.rand([2, 3]).shape).toEqual(np.random.rand(2, 3).shape);
    expect(np.random.randn([2]).shape).toEqual([2]);
  });
});
