/**
 * L.CaffeFunction, beyond the files of the conformance group `caffe`. Oracle: the functions that layers stand for,
 * called by hand, and naive loops.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { F, FormatError, KeyError, L, np, scope, ValueError } from '../../../src/index.js';
import { mutant } from '../../formats/mutations.js';
import { encodeCaffemodel, type LayerSpec } from '../../support/caffemodel.js';
import { fixtureBytes } from '../../support/chainer-fixtures.js';

const net = (...layers: LayerSpec[]) => new L.CaffeFunction(encodeCaffemodel(layers));
const ramp = (shape: readonly number[], scale = 0.1) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.fround((i % 7) * scale - 0.2)) };
};
const arrayOf = ({ shape, data }: ReturnType<typeof ramp>) => np.reshape(np.array(data), shape);

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

describe('convolution', () => {
  const conv = (shape: readonly number[], params: LayerSpec['params']): LayerSpec => ({
    name: 'conv/3x3',
    type: 'Convolution',
    bottoms: ['data'],
    tops: ['y'],
    blobs: [ramp(shape), ramp([shape[0]], 0.3)],
    params,
  });
  const x = arrayOf(ramp([2, 4, 5, 6]));

  test('in groups is a dense one with zeros', () => {
    const fn = net(
      conv(
        [6, 2, 3, 3],
        [
          [
            106,
            [
              [4, 3],
              [5, 2],
              [3, 1],
            ],
          ],
        ],
      ),
    );
    const [y] = fn({ data: x }, ['y']);
    const wanted = F.convolution2d(x, arrayOf(ramp([6, 2, 3, 3])), arrayOf(ramp([6], 0.3)), 1, 1, { groups: 2 });
    expect(y.shape).toEqual([2, 6, 5, 6]);
    expect(np.max(np.absolute(y.array.sub(wanted.array))).item()).toBeLessThan(1e-5);
    expect(Array.from(fn.namedParams(), ([path, { shape }]) => [path, shape])).toEqual([
      ['/conv/3x3/W', [6, 4, 3, 3]],
      ['/conv/3x3/b', [6]],
    ]);
  });

  test('dilated, with one size for each axis', () => {
    const [y] = net(
      conv(
        [6, 4, 3, 1],
        [
          [
            106,
            [
              [11, 3],
              [12, 1],
              [6, [1, 2]],
              [18, [2]],
            ],
          ],
        ],
      ),
    )({ data: x }, ['y']);
    const W = arrayOf(ramp([6, 4, 3, 1]));
    const wanted = F.convolution2d(x, W, arrayOf(ramp([6], 0.3)), [1, 2], 0, { dilate: 2 });
    expect(y.shape).toEqual(wanted.shape);
    expect(np.max(np.absolute(y.array.sub(wanted.array))).item()).toBeLessThan(1e-5);
  });

  test.each(['share', 'copy', 'init'] as const)('copies (%s) have the layers and parameters', (mode) => {
    const fn = net(conv([2, 4, 1, 1], [[106, [[4, 1]]]]));
    const copy = fn.copy(mode);
    expect(copy.layers).toEqual(fn.layers);
    expect(Array.from(copy.namedParams(), ([path]) => path)).toEqual(['/conv/3x3/W', '/conv/3x3/b']);
    const [[mine], [theirs]] = [[...copy.params()], [...fn.params()]];
    expect(mine).not.toBe(theirs);
    expect(mine.array === theirs.array).toBe(mode === 'share');
    expect(copy({ data: x }, ['y'])[0].shape).toEqual(fn({ data: x }, ['y'])[0].shape);
  });

  test('gradients reach the parameters, and copies have their own', () => {
    const fn = net(conv([2, 4, 1, 1], [[106, [[4, 1]]]]));
    const copy = fn.copy('copy');
    F.sum(fn({ data: x }, ['y'])[0]).backward();
    const [W, b] = fn.params();
    expect(W.grad?.shape).toEqual([2, 4, 1, 1]);
    expect(b.grad?.array.tolist()).toEqual([60, 60]);
    expect(Array.from(copy.params(), ({ grad }) => grad)).toEqual([null, null]);
    expect(copy({ data: x }, ['y'])[0].array.tolist()).toEqual(fn({ data: x }, ['y'])[0].array.tolist());
  });
});

describe('other layers', () => {
  const x = arrayOf(ramp([2, 3, 4, 4]));
  const run = (spec: Omit<LayerSpec, 'name' | 'bottoms' | 'tops'>, ...inputs: np.NDArray[]) => {
    const bottoms = inputs.map((_, i) => `x${i}`);
    const fn = net({ name: 'layer', bottoms, tops: ['y'], ...spec });
    return fn(Object.fromEntries(bottoms.map((name, i) => [name, inputs[i]])), ['y'])[0];
  };

  test('Eltwise sums with coefficients', () => {
    const params: LayerSpec['params'] = [
      [
        110,
        [
          [2, { float: 2 }],
          [2, { float: -1 }],
        ],
      ],
    ];
    expect(run({ type: 'Eltwise', params }, x, x).array.tolist()).toEqual(x.tolist());
    expect(() => run({ type: 'Eltwise', params }, x, x, x)).toThrow(ValueError);
  });

  test('Eltwise of three bottoms', () => {
    const [a, b, c] = [np.array([1, -2]), np.array([3, 4]), np.array([5, -6])];
    const results = [0, 1, 2].map((operation) => run({ type: 'Eltwise', params: [[110, [[1, operation]]]] }, a, b, c));
    expect(results.map((y) => y.array.tolist())).toEqual([
      [15, 48],
      [9, -4],
      [5, 4],
    ]);
    expect(run({ type: 'Eltwise' }, a).array.tolist()).toEqual([1, -2]);
  });

  test('global pooling takes the size of its input', () => {
    const y = run(
      {
        type: 'Pooling',
        params: [
          [
            121,
            [
              [1, 1],
              [12, true],
            ],
          ],
        ],
      },
      x,
    );
    expect(y.shape).toEqual([2, 3, 1, 1]);
    expect(y.array.at(0, 0, 0, 0).item()).toBeCloseTo(np.mean(x.at(0, 0)).item(), 6);
  });

  test('ReLU with a slope', () => {
    const y = run({ type: 'ReLU', params: [[123, [[1, { float: 0.5 }]]]] }, np.array([-2, 3]));
    expect(y.array.tolist()).toEqual([-1, 3]);
  });

  test('Reshape keeps sizes that are 0 and finds the one that is -1', () => {
    expect(run({ type: 'Reshape', params: [[133, [[1, [[1, [0, -1]]]]]]] }, x).shape).toEqual([2, 48]);
  });

  test('Scale with a factor that is a bottom', () => {
    const spec = { type: 'Scale', blobs: [ramp([3])], params: [[142, [[4, true]]]] as const };
    const y = run(spec, x, np.array([1, 2, 3]));
    expect(y.array.at(1, 2, 3, 3).item()).toBeCloseTo(x.at(1, 2, 3, 3).item() * 3, 5);
  });

  test('BatchNorm whose sums have no divisor has statistics of 0', () => {
    const blobs = [ramp([3]), ramp([3]), { shape: [1], data: Float32Array.of(0) }];
    const fn = net({ name: 'bn', type: 'BatchNorm', bottoms: ['x'], tops: ['y'], blobs });
    const persistents = Object.fromEntries(fn.link('bn').persistents());
    expect((persistents.avg_mean as np.NDArray).tolist()).toEqual([0, 0, 0]);
  });
});

describe('the net', () => {
  const relu = (name: string, bottom: string, top: string): LayerSpec => ({
    name,
    type: 'ReLU',
    bottoms: [bottom],
    tops: [top],
  });

  test('skips layers of other types, and those that lack a bottom, with a warning each', () => {
    const fn = net(
      { name: 'acc', type: 'Accuracy', bottoms: ['x'] },
      { name: 'in', type: 'Data' },
      relu('r', 'label', 'y'),
    );
    expect(warn.mock.calls).toEqual([["CaffeFunction: layer 'acc' is skipped: the type Accuracy is not supported"]]);
    for (let i = 0; i < 2; i++) expect(() => fn({ x: np.ones([1]) }, ['y'])).toThrow(KeyError);
    expect(() => fn({ x: np.ones([1]) }, ['y'])).toThrow("blob 'y' was not computed, only x");
    expect(warn.mock.calls.slice(1)).toEqual([["CaffeFunction: layer 'r' is skipped: its bottom label is missing"]]);
  });

  test('follows the names that Split gives, and gives blobs back that were put in', () => {
    const split: LayerSpec = { name: 's', type: 'Split', bottoms: ['x'], tops: ['x_0', 'x_1'] };
    const fn = net(split, relu('r', 'x_1', 'y'));
    expect(fn.layers).toEqual([{ name: 'r', bottoms: ['x'], tops: ['y'] }]);
    const [y, x] = fn({ x: np.array([-1, 2]) }, ['y', 'x']);
    expect([y.array.tolist(), x.array.tolist()]).toEqual([
      [0, 2],
      [-1, 2],
    ]);
  });

  test('has layers whose names are those of methods', () => {
    const layer = { name: 'copy', type: 'InnerProduct', bottoms: ['x'], tops: ['y'], blobs: [ramp([2, 3]), ramp([2])] };
    const fn = net(layer);
    expect(Array.from(fn.namedParams(), ([path]) => path)).toEqual(['/copy/W', '/copy/b']);
    expect(fn({ x: np.ones([1, 3]) }, ['y'])[0].shape).toEqual([1, 2]);
    expect(() => fn.link('x')).toThrow(KeyError);
  });

  test('is read from a blob', async () => {
    const bytes = encodeCaffemodel([relu('r', 'x', 'y')]);
    const fn = await L.CaffeFunction.load(new Blob([new Uint8Array(bytes)]));
    expect(fn({ x: np.array([-1]) }, ['y'])[0].array.tolist()).toEqual([0]);
  });
});

test.each<[string, LayerSpec, RegExp]>([
  ['no weights', { name: 'c', type: 'Convolution' }, /'c' \(Convolution\) needs blob 0, but has 0/],
  [
    'weights of another size',
    { name: 'c', type: 'Convolution', blobs: [ramp([2, 1, 3, 3]), ramp([2])], params: [[106, [[4, 5]]]] },
    /blob 0 is \(2,1,3,3\), not \(2,1,5,5\)/,
  ],
  ['a bias of another size', { name: 'f', type: 'InnerProduct', blobs: [ramp([2, 3]), ramp([3])] }, /blob 1 is \(3,\)/],
  [
    // Would be four gigabytes of bias if it were believed.
    'outputs that nothing computes',
    { name: 'f', type: 'InnerProduct', blobs: [ramp([1e9, 0]), ramp([1])] },
    /blob 1 is \(1,\), not \(1000000000,\)/,
  ],
  [
    'three groups of two',
    { name: 'c', type: 'Convolution', blobs: [ramp([2, 1, 1, 1])], params: [[106, [[5, 3]]]] },
    /3 groups/,
  ],
  ['LRN within channels', { name: 'n', type: 'LRN', params: [[118, [[4, 1]]]] }, /within channels is not supported/],
  ['stochastic pooling', { name: 'p', type: 'Pooling', params: [[121, [[1, 2]]]] }, /stochastic pooling/],
  ['softmax along other axes', { name: 's', type: 'Softmax', params: [[125, [[2, 2]]]] }, /softmax along axis 2/],
  ['products along other axes', { name: 'f', type: 'InnerProduct', params: [[117, [[5, 2]]]] }, /axis 2/],
])('refuses %s', (_, layer, message) => {
  expect(() => net(layer)).toThrow(FormatError);
  expect(() => net(layer)).toThrow(message);
});

test('damaged files give a net or a FormatError', () => {
  const names = ['new_style', 'old_style', 'more_layers', 'exported'];
  const seeds = names.map((name) => fixtureBytes(`caffe/${name}.caffemodel`));
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const bytes = mutant({ seeds, read: () => [] }, 5, i);
    try {
      scope(null, () => {
        new L.CaffeFunction(bytes);
      });
    } catch (error) {
      expect(error, `mutant ${i} of seed 5`).toBeInstanceOf(FormatError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});
