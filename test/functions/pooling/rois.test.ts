/** Pooling of regions of interest against their definitions. */
import { describe, expect, it } from 'vitest';
import { F, IndexError, np, ShapeError, ValueError, type Variable } from '../../../src/index.js';
import { type CaseInput, checkFunction, type HostValues } from '../../support/function-harness.js';
import { elementOf, filled } from '../../support/oracle/windows.js';

const [HEIGHT, WIDTH] = [6, 7];
/** (y1, x1, y2, x2) in an image twice as large; the last reaches beyond it, and the one before is a point. */
const ROIS = [2, 3, 9, 10, 0, 0, 5, 4, 6, 6, 6, 6, 6, 8, 16, 20];
const IMAGES = [0, 1, 0, 1];
const SCALE = 0.5;
const SIZE = [2, 3] as const;

/** Values in an order that looks random and far enough apart that finite differences never change which is largest. */
const image: CaseInput = {
  shape: [2, 2, HEIGHT, WIDTH],
  values: Float64Array.from({ length: 4 * HEIGHT * WIDTH }, (_, i) => ((i * 37) % 168) / 40 - 2),
};
const regions: CaseInput = { shape: [4, 4], values: ROIS };
const images: CaseInput = { shape: [4], values: IMAGES, dtype: 'int32' };

type Reduce = (values: number[]) => number;
const largest: Reduce = (values) => (values.length === 0 ? 0 : Math.max(...values));
const average: Reduce = (values) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b) / values.length);

/** The pixels of bin `i` of `bins` on an axis: those that [start + i·size, start + (i + 1)·size) touches. */
function pixels(from: number, to: number, i: number, bins: number, length: number, inclusive: boolean): number[] {
  const halfEven = (v: number) => (v % 1 === 0.5 && Math.floor(v) % 2 === 0 ? Math.floor(v) : Math.round(v));
  const [start, end] = [halfEven(from), halfEven(to)];
  const size = Math.max(end - start + Number(inclusive), 1) / bins;
  return Array.from({ length }, (_, at) => at).filter(
    (at) => at - start >= Math.floor(i * size) && at - start < Math.ceil((i + 1) * size),
  );
}

const pooled = (reduce: Reduce, inclusive: boolean) => (x: HostValues) =>
  filled([4, 2, ...SIZE], ([r, c, i, j]) => {
    const [y1, x1, y2, x2] = ROIS.slice(r * 4, r * 4 + 4).map((v) => v * SCALE);
    const rows = pixels(y1, y2, i, SIZE[0], HEIGHT, inclusive);
    const columns = pixels(x1, x2, j, SIZE[1], WIDTH, inclusive);
    return reduce(rows.flatMap((row) => columns.map((column) => elementOf(x, [IMAGES[r], c, row, column]))));
  });

/** The image between pixels; beyond the middle of the outermost it continues to −1 and to its size, then there is none. */
function between(x: HostValues, n: number, c: number, v: number, u: number): number | null {
  if (v < -1 || v > HEIGHT || u < -1 || u > WIDTH) return null;
  const [y, w] = [Math.min(Math.max(v, 0), HEIGHT - 1), Math.min(Math.max(u, 0), WIDTH - 1)];
  const [top, left] = [Math.min(Math.floor(y), HEIGHT - 2), Math.min(Math.floor(w), WIDTH - 2)];
  const at = (row: number, column: number) => elementOf(x, [n, c, row, column]);
  const [dy, dx] = [y - top, w - left];
  return (
    (1 - dy) * ((1 - dx) * at(top, left) + dx * at(top, left + 1)) +
    dy * ((1 - dx) * at(top + 1, left) + dx * at(top + 1, left + 1))
  );
}

const aligned = (ratio: number | null, reduce: (values: (number | null)[]) => number) => (x: HostValues) =>
  filled([4, 2, ...SIZE], ([r, c, i, j]) => {
    const [y1, x1, y2, x2] = ROIS.slice(r * 4, r * 4 + 4).map((v) => v * SCALE);
    const [height, width] = [Math.max(y2 - y1, 1) / SIZE[0], Math.max(x2 - x1, 1) / SIZE[1]];
    const [rows, columns] = [ratio ?? Math.ceil(height), ratio ?? Math.ceil(width)];
    const values: (number | null)[] = [];
    for (let p = 0; p < rows; p++) {
      for (let q = 0; q < columns; q++) {
        const v = y1 + i * height + ((p + 0.5) * height) / rows;
        values.push(between(x, IMAGES[r], c, v, x1 + j * width + ((q + 0.5) * width) / columns));
      }
    }
    return reduce(values);
  });

/** Replaces -Infinity, the maximum of a bin outside the image, which finite differences cannot handle. */
const LEAST = -100;
const largestInside = (values: (number | null)[]) => Math.max(LEAST, ...values.filter((v) => v !== null));
const cut = (y: Variable) => F.clip(y, LEAST, -LEAST);
const averageOfAll = (values: (number | null)[]) => average(values.map((v) => v ?? 0));

type Roi = (x: Variable, rois: Variable, images: Variable) => Variable;

const CASES: readonly [name: string, fn: Roi, oracle: (x: HostValues) => HostValues][] = [
  ['roiMaxPooling2d', (x, r, i) => F.roiMaxPooling2d(x, r, i, SIZE, SCALE), pooled(largest, false)],
  ['roiAveragePooling2d', (x, r, i) => F.roiAveragePooling2d(x, r, i, SIZE, SCALE), pooled(average, false)],
  [
    'roiMaxAlign2d',
    (x, r, i) => cut(F.roiMaxAlign2d(x, r, i, SIZE, SCALE, { samplingRatio: 2 })),
    aligned(2, largestInside),
  ],
  [
    'roiMaxAlign2d, a point for each pixel',
    (x, r, i) => cut(F.roiMaxAlign2d(x, r, i, SIZE, SCALE)),
    aligned(null, largestInside),
  ],
  [
    'roiAverageAlign2d',
    (x, r, i) => F.roiAverageAlign2d(x, r, i, SIZE, SCALE, { samplingRatio: [3, 3] }),
    aligned(3, averageOfAll),
  ],
  [
    'roiAverageAlign2d, a point for each pixel',
    (x, r, i) => F.roiAverageAlign2d(x, r, i, SIZE, SCALE),
    aligned(null, averageOfAll),
  ],
];

for (const [name, fn, oracle] of CASES) {
  checkFunction({
    name,
    fn,
    inputs: [image, regions, images],
    noGrads: [false, true, true],
    forward: (x) => oracle(x),
  });
}

/** (image, x1, y1, x2, y2) */
const WITH_IMAGES = IMAGES.flatMap((n, r) => [n, ROIS[r * 4 + 1], ROIS[r * 4], ROIS[r * 4 + 3], ROIS[r * 4 + 2]]);

checkFunction({
  name: 'roiPooling2d',
  fn: (x, rois) => F.roiPooling2d(x, rois, ...SIZE, SCALE),
  inputs: [image, { shape: [4, 5], values: WITH_IMAGES }],
  noGrads: [false, true],
  forward: (x) => pooled(largest, true)(x),
});

it('the maximum over points of which none lies in the image is -Infinity, as in Chainer', () => {
  const y = F.roiMaxAlign2d(np.ones([1, 1, 4, 4]), np.array([[9, 9, 12, 12]]), np.array([0], 'int32'), 1, 1);
  expect(y.tolist()).toEqual([[[[Number.NEGATIVE_INFINITY]]]]);
});

describe('operands that do not fit are refused', () => {
  const [x, rois, first] = [np.zeros([1, 1, 4, 4]), np.zeros([1, 4]), np.zeros([1], 'int32')];
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['rois', () => F.roiMaxPooling2d(x, np.zeros([1, 5]), first, 2, 1), ShapeError, 'rois (1,5), expected (R, 4)'],
    ['roiIndices', () => F.roiMaxAlign2d(x, rois, np.zeros([2], 'int32'), 2, 1), ShapeError, 'roiIndices (2,)'],
    [
      'an image',
      () => F.roiAverageAlign2d(x, rois, np.ones([1], 'int32'), 2, 1),
      IndexError,
      'roi 0 names image 1, but the batch has',
    ],
    ['a scale', () => F.roiAveragePooling2d(x, rois, first, 2, 0), ValueError, 'spatialScale is 0'],
    ['an outsize', () => F.roiPooling2d(x, np.zeros([1, 5]), 0, 2, 1), ValueError, 'outsize'],
    ['a ratio', () => F.roiMaxAlign2d(x, rois, first, 2, 1, { samplingRatio: 0 }), ValueError, 'samplingRatio is 0'],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  it('no regions give no images', () => {
    const y = F.roiMaxPooling2d(x, np.zeros([0, 4]), np.zeros([0], 'int32'), 2, 1);
    expect(y.shape).toEqual([0, 1, 2, 2]);
  });
});
