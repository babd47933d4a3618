/** Pooling over windows and its inverses against their definitions. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { type CaseInput, checkFunction, type HostValues } from '../../support/function-harness.js';
import { placeOf, sizeOf } from '../../support/host-array.js';
import { filled, pool, readsAt, unpool } from '../../support/oracle/windows.js';

interface Case {
  x: readonly number[];
  ksize: number | readonly number[];
  stride?: number | readonly number[];
  pad?: number | readonly number[];
  coverAll?: boolean;
}

const each = (size: number | readonly number[], n: number) =>
  typeof size === 'number' ? new Array<number>(n).fill(size) : size;

const geometryOf = ({ x, ksize, stride = ksize, pad = 0 }: Case) => {
  const axes = x.length - 2;
  return { ksize: each(ksize, axes), stride: each(stride, axes), pad: each(pad, axes) };
};

const title = (fn: string, c: Case) =>
  `${fn} ${Object.entries(c)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? `(${value})` : value}`)
    .join(' ')}`;

/** Values in random order, far enough apart that finite differences never change which is largest. */
function apart(shape: readonly number[]): CaseInput {
  let at = 0;
  const size = sizeOf(shape);
  // 7 divides no size used here, so that every value comes once.
  return { shape, draw: () => (((at++ * 7) % size) - size / 2) / 8 };
}

const CASES: readonly Case[] = [
  { x: [2, 3, 9], ksize: 3, stride: 2, pad: 1 },
  { x: [1, 2, 5], ksize: 2, coverAll: false },
  { x: [2, 3, 6, 5], ksize: 2 },
  { x: [1, 2, 6, 5], ksize: [2, 3], stride: [1, 2], pad: [1, 0], coverAll: false },
  { x: [1, 2, 8, 8], ksize: 3, stride: 4, pad: 1 },
  { x: [0, 2, 4, 4], ksize: 2 },
  { x: [1, 2, 4, 4, 3], ksize: 2, stride: [2, 1, 2], pad: [0, 1, 0] },
  { x: [1, 1, 3, 4, 5], ksize: 2, coverAll: false },
  { x: [1, 1, 2, 3, 2, 2], ksize: 2, stride: 1 },
];

/** A case with one, two and three axes, each for the function that bears the number. */
const NUMBERED = [0, 3, 6].map((i) => CASES[i]);

describe('max pooling', () => {
  const pooling = [F.maxPooling1d, F.maxPooling2d, F.maxPooling3d];
  NUMBERED.forEach((c, i) => {
    const { x, ksize, stride = null, pad = 0, coverAll = true } = c;
    checkFunction({
      name: title(pooling[i].name, c),
      fn: (x) => pooling[i](x, ksize, stride, pad, { coverAll }),
      inputs: [apart(x)],
      forward: (x) => pool(x, geometryOf(c), coverAll, (elements) => Math.max(...elements.map(({ value }) => value))),
    });
  });
  for (const c of CASES) {
    const { x, ksize, stride = null, pad = 0, coverAll = true } = c;
    checkFunction({
      name: title('maxPoolingNd', c),
      fn: (x) => F.maxPoolingNd(x, ksize, stride, pad, { coverAll }),
      inputs: [apart(x)],
      forward: (x) => pool(x, geometryOf(c), coverAll, (elements) => Math.max(...elements.map(({ value }) => value))),
    });
  }

  const indexed: readonly Case[] = [CASES[0], CASES[2], CASES[6]];
  it.each(indexed.map((c) => [title('places of', c), c] as const))('%s', (_, c) => {
    const { x, ksize, stride, pad = 0 } = c;
    // With few different values, several are largest in a window: the first one counts.
    const values = Float64Array.from({ length: sizeOf(x) }, (_, i) => (i * 5) % 3);
    const [y, indices] = F.maxPoolingNd(np.array(values, 'float32').reshape(x), ksize, stride, pad, {
      returnIndices: true,
    });
    const oracle = (result: 'value' | 'place') =>
      pool({ shape: x, values }, geometryOf(c), true, (elements) => {
        const best = elements.reduce((a, b) => (b.value > a.value ? b : a));
        return best[result];
      });
    expect(Array.from(y.dataSync())).toEqual([...oracle('value').values]);
    expect(indices.dtype).toBe('int32');
    expect(Array.from(indices.dataSync())).toEqual([...oracle('place').values]);
  });

  it.each([2, 3])('over %i axes: of equal maxima the first gets the gradient, windows in padding give −∞', (axes) => {
    const x = new Variable(np.ones([1, 1, ...new Array<number>(axes).fill(2)]));
    const y = F.maxPoolingNd(x, 2);
    y.backward();
    expect(Array.from(x.grad?.dataSync() ?? [])).toEqual([1, ...new Array<number>(2 ** axes - 1).fill(0)]);
    const alone = F.maxPoolingNd(x, 1, 2, 1);
    expect(alone.dataSync()[0]).toBe(Number.NEGATIVE_INFINITY);
    const [gx] = grad([alone], [x], { gradOutputs: [new Variable(np.onesLike(alone.array))] });
    // Only the window at place 1 + … of the padded image lies on an element.
    expect(Array.from(gx?.dataSync() ?? []).reduce((sum, g) => sum + g, 0)).toBe(1);
  });
});

describe('average pooling', () => {
  const mean = (elements: readonly { value: number }[], size: number) =>
    elements.reduce((sum, { value }) => sum + value, 0) / size;
  const pooling = [F.averagePooling1d, F.averagePooling2d, F.averagePooling3d];
  NUMBERED.forEach((c, i) => {
    const { x, ksize, stride = null, pad = 0 } = c;
    checkFunction({
      name: title(pooling[i].name, c),
      fn: (x) => pooling[i](x, ksize, stride, pad),
      inputs: [x],
      forward: (x) => pool(x, geometryOf(c), false, mean),
    });
  });
  for (const c of CASES) {
    const { x, ksize, stride = null, pad = 0 } = c;
    checkFunction({
      name: title('averagePoolingNd', c),
      fn: (x) => F.averagePoolingNd(x, ksize, stride, pad),
      inputs: [x],
      forward: (x) => pool(x, geometryOf(c), false, mean),
    });
    checkFunction({
      name: `${title('averagePoolingNd', c)} without padding`,
      fn: (x) => F.averagePoolingNd(x, ksize, stride, pad, { padValue: null }),
      inputs: [x],
      forward: (x) => pool(x, geometryOf(c), false, (elements) => mean(elements, elements.length)),
    });
  }
});

describe('unpooling', () => {
  const UNPOOLED: readonly (Case & { outsize?: number | readonly number[]; lengths: readonly number[] })[] = [
    { x: [2, 2, 4], ksize: 3, stride: 2, lengths: [8] },
    { x: [2, 2, 4], ksize: 2, coverAll: false, lengths: [8] },
    { x: [1, 2, 3, 4], ksize: 3, stride: 2, pad: 1, lengths: [4, 6] },
    { x: [1, 2, 3, 3], ksize: 2, outsize: [5, 6], lengths: [5, 6] },
    { x: [1, 2, 2, 3], ksize: [2, 3], stride: [2, 1], coverAll: false, lengths: [4, 5] },
    { x: [0, 2, 2, 2], ksize: 2, lengths: [3, 3] },
    { x: [1, 2, 2, 3, 2], ksize: 2, stride: [2, 1, 2], lengths: [3, 4, 3] },
    { x: [1, 1, 2, 2, 2], ksize: 3, stride: 2, pad: 1, coverAll: false, lengths: [3, 3, 3] },
  ];
  const unpooling = [F.unpooling1d, F.unpooling2d, F.unpooling3d];
  [0, 4, 6].forEach((at, i) => {
    const { lengths, ...c } = UNPOOLED[at];
    const { x, ksize, stride = null, pad = 0, coverAll = true } = c;
    checkFunction({
      name: title(unpooling[i].name, c),
      fn: (x) => unpooling[i](x, ksize, stride, pad, { coverAll }),
      inputs: [x],
      forward: (x) => unpool(x, geometryOf(c), lengths),
    });
  });
  for (const { lengths, outsize = null, ...c } of UNPOOLED) {
    const { x, ksize, stride = null, pad = 0, coverAll = true } = c;
    checkFunction({
      name: title('unpoolingNd', c),
      fn: (x) => F.unpoolingNd(x, ksize, stride, pad, { outsize, coverAll }),
      inputs: [x],
      forward: (x) => unpool(x, geometryOf(c), lengths),
    });
  }
});

describe('upsampling2d', () => {
  const geometry = { ksize: [3, 3], stride: [2, 2], pad: [1, 1] };
  const places = [0, 4, 8, 2, 5, 3, 1, 7, 6, 4, 4, 4];
  checkFunction({
    name: 'elements back at the places named',
    fn: (x, indexes) => F.upsampling2d(x, indexes, 3, 2, 1, { outsize: [3, 5] }),
    inputs: [[1, 2, 2, 3], { shape: [1, 2, 2, 3], values: places, dtype: 'int32' }],
    noGrads: [false, true],
    forward(x) {
      const y = filled([1, 2, 3, 5], () => 0);
      filled(x.shape, ([n, c, i, j]) => {
        const from = placeOf(x.shape, [n, c, i, j]);
        const at = readsAt([i, j], [Math.floor(places[from] / 3), places[from] % 3], geometry, [3, 5]);
        if (at) y.values[placeOf(y.shape, [n, c, ...at])] += x.values[from];
        return 0;
      });
      return y;
    },
  });
});

describe('spatialPyramidPooling2d', () => {
  checkFunction({
    name: 'three levels of an image that they do not divide',
    fn: (x) => F.spatialPyramidPooling2d(x, 3),
    inputs: [apart([2, 2, 6, 8])],
    forward(x) {
      // Bins of ⌈6/4⌉ × ⌈8/4⌉ at the finest level, centred on the image.
      const levels = [
        { ksize: [6, 8], stride: [6, 8], pad: [0, 0] },
        { ksize: [3, 4], stride: [3, 4], pad: [0, 0] },
        { ksize: [2, 2], stride: [2, 2], pad: [1, 0] },
      ].map((geometry): HostValues => pool(x, geometry, true, (found) => Math.max(...found.map((e) => e.value))));
      return filled([2, 42, 1, 1], ([n, k]) => {
        const [level, first] = k < 2 ? [0, 0] : k < 10 ? [1, 2] : [2, 10];
        const each = levels[level].values.length / 2;
        return levels[level].values[n * each + k - first];
      });
    },
  });
});

describe('operands that do not fit are refused', () => {
  const zeros = (...shape: number[]) => np.zeros(shape);
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['an array without spatial axes', () => F.maxPoolingNd(zeros(2, 3), 2), ShapeError, 'x is (2,3)'],
    ['other dimensions', () => F.averagePooling3d(zeros(1, 2, 3, 3), 2), ShapeError, 'x has 4 dimensions'],
    ['a window that is too large', () => F.averagePooling1d(zeros(1, 2, 3), 4), ShapeError, 'no window of 4'],
    ['too many sizes', () => F.maxPooling1d(zeros(1, 2, 3), [2, 2]), ValueError, 'expected 1 integers'],
    ['integers', () => F.unpooling2d(np.zeros([1, 1, 2, 2], 'int32'), 2), DTypeError, 'int32'],
    [
      'an outsize',
      () => F.unpooling2d(zeros(1, 1, 2, 2), 2, 2, 0, { outsize: 7 }),
      ShapeError,
      'gives (4,4) but x has (2,2)',
    ],
    ['indexes', () => F.upsampling2d(zeros(1, 1, 2, 2), np.zeros([1, 1, 2], 'int32'), 2), ShapeError, '(1,1,2)'],
    ['a height', () => F.spatialPyramidPooling2d(zeros(1, 1, 2, 2), 0), ValueError, 'pyramidHeight is 0'],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
