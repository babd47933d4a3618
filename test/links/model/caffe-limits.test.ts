/** Malformed and greedy nets of Caffe: each is refused with a typed error, and a small file takes little memory. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FormatError, KeyError, ShapeError } from '../../../src/errors.js';
import { F, L, np } from '../../../src/index.js';
import { encodeCaffemodel, encodeMessage, type Fields, type LayerSpec } from '../../support/caffemodel.js';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const net = (...layers: LayerSpec[]) => new L.CaffeFunction(encodeCaffemodel(layers));
const layer = (type: string, params: Fields = [], more: Partial<LayerSpec> = {}): LayerSpec => ({
  name: 'l',
  type,
  bottoms: ['x'],
  tops: ['y'],
  params,
  ...more,
});
const ones = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1) });
const CONVOLUTION = 106;
const POOLING = 121;

describe('bottoms', () => {
  const NAMES = ['Sigmoid', 'Dropout', 'Slice', 'Softmax', 'LRN', 'ReLU', 'Reshape', 'Eltwise', 'Concat'];

  test.each(NAMES)('%s has one at least', (type) => {
    expect(() => net(layer(type, [], { bottoms: [] }))).toThrow(FormatError);
    expect(() => net(layer(type, [], { bottoms: [] }))).toThrow(/'l' \(\w+\) has 0 bottoms, expected 1/);
  });

  test.each(NAMES.slice(0, 7))('%s has one at most', (type) => {
    expect(() => net(layer(type, [], { bottoms: ['x', 'x'] }))).toThrow(/has 2 bottoms, expected 1/);
  });

  test.each([1, 3])('SoftmaxWithLoss has two, not %i', (count) => {
    expect(() => net(layer('SoftmaxWithLoss', [], { bottoms: Array(count).fill('x') }))).toThrow(/expected 2/);
  });

  test('Split has one, and may be split again', () => {
    expect(() => net(layer('Split', [], { bottoms: [] }))).toThrow(/splits 0 bottoms/);
    const twice = net(
      layer('Split', [], { tops: ['a'] }),
      layer('Split', [], { bottoms: ['a'], tops: ['b'] }),
      layer('ReLU', [], { bottoms: ['b'] }),
    );
    expect(twice.layers).toEqual([{ name: 'l', bottoms: ['x'], tops: ['y'] }]);
  });
});

describe('names', () => {
  test('of objects are those of blobs', () => {
    const names = ['constructor', '__proto__', 'toString', 'length'];
    const chain = names.map((name, i) => layer('ReLU', [], { name, bottoms: [names[i - 1] ?? 'x'], tops: [name] }));
    const fn = net(...chain);
    expect(fn({ x: np.array([-1, 2]) }, names).map((y) => y.array.tolist())).toEqual(names.map(() => [0, 2]));
    expect(() => fn({}, ['constructor'])).toThrow(KeyError);
    expect(() => fn({ x: np.ones([1]) }, ['hasOwnProperty'])).toThrow(KeyError);
    expect(() => fn.link('constructor')).toThrow(KeyError);
  });

  test('that two layers share stand for both, unless both have parameters', () => {
    const slopes = [0.5, 0.1].map((slope, i) =>
      layer('ReLU', [[123, [[1, { float: slope }]]]], { bottoms: [['x', 'y'][i]], tops: [['y', 'z'][i]] }),
    );
    const [z] = net(...slopes)({ x: np.array([-1]) }, ['z']);
    expect(z.array.item()).toBeCloseTo(-0.05, 6);
    const product = layer('InnerProduct', [], { blobs: [ones(1, 1), ones(1)] });
    expect(() => net(product, product)).toThrow(/two layers with parameters are called 'l'/);
  });

  test('are cut and escaped in messages', () => {
    const name = `\u001b[2J${'x'.repeat(10_000)}`;
    for (const act of [
      () => net(layer('Convolution', [], { name })),
      () => net(layer('ReLU', [], { name: 'r', tops: [name] }))({ x: np.ones([1]) }, ['no']),
    ]) {
      const { message } = (() => {
        try {
          act();
        } catch (error) {
          return error as Error;
        }
        return new Error('nothing was thrown');
      })();
      expect(message).toContain('\\u{1b}[2Jxxx');
      expect(message.length).toBeLessThan(300);
    }
  });
});

describe('settings', () => {
  const conv = (...fields: Fields) =>
    layer('Convolution', [[CONVOLUTION, [[2, false], ...fields]]], { blobs: [ones(1, 1, 3, 3)] });

  test.each<[string, LayerSpec]>([
    ['a padding beyond the window', conv([4, 3], [3, 129])],
    ['a padding beyond the dilated window', conv([4, 3], [18, 100], [3, 201])],
    ['a stride of 0', conv([4, 3], [6, 0], [13, 1], [14, 0])],
    ['a stride of 2³⁰', conv([4, 3], [6, 2 ** 30])],
    ['a dilation of 2³⁰', conv([4, 3], [18, 2 ** 30])],
    ['a dilation of 0', conv([4, 3], [18, 0])],
    ['a pooling window of 2³⁰', layer('Pooling', [[POOLING, [[2, 2 ** 30]]]])],
    [
      'global pooling with padding',
      layer('Pooling', [
        [
          POOLING,
          [
            [12, true],
            [4, 5],
          ],
        ],
      ]),
    ],
    ['no groups', conv([4, 3], [5, 0])],
    [
      'no filters',
      layer(
        'Convolution',
        [
          [
            CONVOLUTION,
            [
              [2, false],
              [4, 3],
            ],
          ],
        ],
        { blobs: [ones(0, 4, 3, 3)] },
      ),
    ],
    ['an even window of channels', layer('LRN', [[118, [[1, 4]]]])],
    ['a ratio of 1', layer('Dropout', [[108, [[1, { float: 1 }]]]])],
    ['a ratio that is not a number', layer('Dropout', [[108, [[1, { float: Number.NaN }]]]])],
    ['no statistics', layer('BatchNorm', [], { blobs: [ones(0), ones(0)] })],
    ['cuts that fall', layer('Slice', [[126, [[2, [3, 2]]]]], { tops: ['a', 'b', 'c'] })],
    ['more cuts than tops', layer('Slice', [[126, [[2, [1, 2]]]]], { tops: ['a', 'b'] })],
  ])('%s: refused when it is loaded', (_, spec) => {
    expect(() => net(spec)).toThrow(FormatError);
  });

  test.each<[string, LayerSpec, number[]]>([
    ['a cut behind the end', layer('Slice', [[126, [[2, [3]]]]], { tops: ['y', 'z'] }), [1, 2, 2, 2]],
    ['a cut along an axis that is not there', layer('Slice', [[126, [[3, 9]]]], { tops: ['y', 'z'] }), [1, 2, 2, 2]],
    ['an axis kept that is not there', layer('Reshape', [[133, [[1, [[1, [0, 0, 0]]]]]]]), [4]],
    ['pooling of rows', layer('Pooling', [[POOLING, [[2, 2]]]]), [4, 4]],
    ['a convolution of rows', conv([4, 3]), [4, 4]],
  ])('%s: refused when it is called', (_, spec, shape) => {
    expect(() => net(spec)({ x: np.ones(shape) }, ['y'])).toThrow(ShapeError);
  });

  test('a window over far more channels than there are sums all of them', () => {
    const fn = net(
      layer('LRN', [
        [
          118,
          [
            [1, 2 ** 30 + 1],
            [2, { float: 1 }],
            [3, { float: 1 }],
          ],
        ],
      ]),
    );
    const [y] = fn({ x: np.ones([1, 3, 1, 1]) }, ['y']);
    expect(y.array.tolist()).toEqual([[[[1]], [[1]], [[1]]]]);
  });

  test('an output of small pictures keeps to limits.bytes', () => {
    const up = layer(
      'Deconvolution',
      [
        [
          CONVOLUTION,
          [
            [2, false],
            [4, 3],
            [6, 1000],
          ],
        ],
      ],
      { blobs: [ones(1, 1, 3, 3)] },
    );
    const bytes = encodeCaffemodel([up]);
    const x = np.ones([1, 1, 20, 20]);
    expect(() => new L.CaffeFunction(bytes)({ x }, ['y'])).toThrow(
      /'l' \(Deconvolution\): its output needs 1\.44 GB, more than limits\.bytes \(268 MB\)/,
    );
    const pooled = layer('Pooling', [
      [
        POOLING,
        [
          [2, 16_000],
          [4, 15_999],
        ],
      ],
    ]);
    expect(() => net(pooled)({ x }, ['y'])).toThrow(/its output needs 4\.10 GB, more than limits\.bytes/);
    const limits = { bytes: 1000 };
    const few = encodeCaffemodel([conv([4, 3], [3, 100])]);
    expect(() => new L.CaffeFunction(few, 'a', { limits })({ x }, ['y'])).toThrow(/limits\.bytes \(1,000 B\)/);
    // Not more than 64 times the bottom.
    const usual = encodeCaffemodel([conv([4, 3], [3, 20])]);
    expect(new L.CaffeFunction(usual, 'a', { limits })({ x }, ['y'])[0].shape).toEqual([1, 1, 58, 58]);
  });
});

describe('many', () => {
  test('groups stay groups: their filters have the sizes of the file', () => {
    const n = 5000;
    const params: Fields = [
      [
        CONVOLUTION,
        [
          [2, false],
          [4, 1],
          [5, n],
        ],
      ],
    ];
    const before = np.memory().held.parameters;
    const fn = net(layer('Convolution', params, { blobs: [ones(n, 1, 1, 1)] }));
    expect(np.memory().held.parameters - before).toBeLessThan(1e6);
    expect(fn.link('l')).toBeInstanceOf(L.Convolution2D);
    const x = np.random.rand(1, n, 1, 2);
    expect(fn({ x }, ['y'])[0].array.tolist()).toEqual(x.tolist());
  });

  test('eight groups of a convolution and of a transposed one', () => {
    const data = Float32Array.from({ length: 64 * 64 * 9 }, (_, i) => (i % 7) - 3);
    const params: Fields = [
      [
        CONVOLUTION,
        [
          [2, false],
          [4, 3],
          [5, 8],
        ],
      ],
    ];
    const x = np.random.rand(2, 64, 5, 4);
    const W = data.subarray(0, 64 * 8 * 9);
    for (const [type, compute] of [
      ['Convolution', F.convolution2d],
      ['Deconvolution', F.deconvolution2d],
    ] as const) {
      const fn = net(layer(type, params, { blobs: [{ shape: [64, 8, 3, 3], data: W }] }));
      const wanted = compute(x, np.array(W).reshape(64, 8, 3, 3), null, 1, 0, { groups: 8 });
      expect(np.max(np.absolute(fn({ x }, ['y'])[0].array.sub(wanted.array))).item()).toBeLessThan(1e-4);
    }
  });

  test('layers, bottoms and tops are counted', () => {
    const empty = (count: number) => Uint8Array.from({ length: 3 * count }, (_, i) => [0xa2, 0x06, 0][i % 3]);
    expect(() => new L.CaffeFunction(empty(2 ** 14))).not.toThrow();
    expect(() => new L.CaffeFunction(empty(2 ** 14 + 1))).toThrow(/more than limits\.nodes \(16,384\)/);
    const wide = encodeMessage([[100, [[2, 'Concat'], ...Array.from({ length: 20_000 }, () => [3, 'x'] as const)]]]);
    expect(() => new L.CaffeFunction(wide)).toThrow(/16,385, more than limits\.nodes/);
    const limits = { nodes: 2 };
    expect(() => new L.CaffeFunction(encodeCaffemodel([layer('ReLU')]), 'a', { limits })).toThrow(
      /to 3, more than limits\.nodes \(2\)/,
    );
    // An array of no elements takes two bytes in a file.
    const arrays = encodeMessage([[2, Array.from({ length: 65 }, () => [6, []] as const)]]);
    expect(() => new L.CaffeFunction(arrays)).toThrow(/a list has more than 64 items/);
  });

  test('warnings are ten', () => {
    net(...Array.from({ length: 30 }, (_, i) => layer('Accuracy', [], { name: `a${i}` })));
    expect(console.warn).toHaveBeenCalledTimes(11);
    expect(console.warn).toHaveBeenLastCalledWith('CaffeFunction: 20 more layers are skipped');
  });
});
