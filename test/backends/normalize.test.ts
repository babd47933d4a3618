/** The primitives that normalization uses: moments, sums of centred products, and affine maps. */
import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/backends/primitives.js';
import { describeBackends } from '../support/backends.js';
import { expectClose, type Tolerance } from '../support/closeness.js';
import { at, build, type HostArray, hostArray, indicesOf } from '../support/host-array.js';
import { Samples } from '../support/samples.js';

const TOLERANCE: Tolerance = { float32: 2e-6, float64: 1e-13 };

/** Shapes with the axes that sums are taken over: planes of channels, rows, columns, mixtures, one and no elements. */
const CASES: readonly (readonly [shape: readonly number[], axes: readonly number[]])[] = [
  [[5], [0]],
  [[4, 7], [0]],
  [[4, 7], [1]],
  [
    [4, 7],
    [0, 1],
  ],
  [[4, 7], []],
  [[3, 16], [0]],
  [[3, 21], [0]],
  [
    [2, 3, 5, 7],
    [0, 2, 3],
  ],
  [
    [2, 3, 8, 8],
    [0, 2, 3],
  ],
  [
    [2, 3, 5, 6],
    [0, 1],
  ],
  [
    [2, 3, 5, 6],
    [0, 2],
  ],
  [
    [2, 3, 5, 6],
    [1, 3],
  ],
  [[3, 9000], [1]],
  [[2, 1, 1], [0]],
  [[], []],
];

const keptShape = (shape: readonly number[], axes: readonly number[]) =>
  shape.map((n, k) => (axes.includes(k) ? 1 : n));

/** The element of an array whose reduced axes are 1 that belongs to an index. */
const belonging = (array: HostArray, index: readonly number[]) =>
  at(
    array,
    index.map((i, k) => (array.shape[k] === 1 ? 0 : i)),
  );

/** Σ of(index) over the axes, of an array with these elements. */
function sumOver(
  shape: readonly number[],
  axes: readonly number[],
  dtype: DType,
  of: (index: readonly number[]) => number,
): HostArray {
  const inner = shape.map((n, k) => (axes.includes(k) ? n : 1));
  return build(keptShape(shape, axes), dtype, (outer) => {
    let total = 0;
    for (const index of indicesOf(inner)) total += of(index.map((i, k) => i + outer[k]));
    return total;
  });
}

function momentsOf(x: HostArray, axes: readonly number[]): [mean: HostArray, variance: HostArray] {
  const count = axes.reduce((n, k) => n * x.shape[k], 1);
  const mean = sumOver(x.shape, axes, 'float64', (index) => at(x, index) / count);
  const variance = sumOver(x.shape, axes, x.dtype, (index) => (at(x, index) - belonging(mean, index)) ** 2 / count);
  return [hostArray(mean.values, mean.shape, x.dtype), variance];
}

describeBackends('moments', (subject) => {
  function expectMoments(x: HostArray, axes: readonly number[], floor = 1) {
    const [mean, variance] = momentsOf(x, axes);
    const [gotMean, gotVariance] = [subject.blank(mean.shape, x.dtype), subject.blank(mean.shape, x.dtype)];
    subject.backend.moments(subject.put(x), axes, gotMean, gotVariance);
    expectClose(subject.get(gotMean), mean, TOLERANCE);
    expectClose(subject.get(gotVariance), variance, TOLERANCE, floor);
  }

  test.each(CASES)('of %j over %j', (shape, axes) => {
    for (const dtype of subject.floats) expectMoments(new Samples().uniform(shape, dtype, -2, 3), axes);
  });

  test.each(subject.floats)('a variance far below the squared mean keeps its digits: %s', (dtype) => {
    // Values at multiples of 2⁻¹⁰ around 1024 are exact in float32.
    const far = (shape: readonly number[]) =>
      build(shape, dtype, (index) => 1024 + (index.reduce((a, b) => 3 * a + b, 0) % 17) / 1024);
    for (const axes of [[0], [1]]) expectMoments(far([64, 512]), axes, 0.05);
  });

  test('the first of many is far from the others', () => {
    expectMoments(
      build([4, 3000], 'float32', ([, i]) => (i === 0 ? 1000 : i % 5)),
      [1],
    );
  });

  test('NaN stays in its own group', () => {
    const x = hostArray([1, Number.NaN, 3, 1, 2, 3, 4, 5, 6], [3, 3]);
    const [mean, variance] = [subject.blank([3, 1], 'float32'), subject.blank([3, 1], 'float32')];
    subject.backend.moments(subject.put(x), [1], mean, variance);
    expect([...subject.get(mean).values]).toEqual([Number.NaN, 2, 5]);
    expect(subject.get(variance).values[0]).toBeNaN();
  });
});

describeBackends('comoments', (subject) => {
  test.each(CASES)('of %j over %j', (shape, axes) => {
    for (const dtype of subject.floats) {
      const samples = new Samples();
      const [x, y] = [samples.uniform(shape, dtype, 4, 6), samples.uniform(shape, dtype)];
      const center = samples.uniform(keptShape(shape, axes), dtype, 4.5, 5.5);
      const wantSum = sumOver(shape, axes, dtype, (index) => at(y, index));
      const wantProduct = sumOver(
        shape,
        axes,
        dtype,
        (index) => at(y, index) * (at(x, index) - belonging(center, index)),
      );
      const [sum, product] = [subject.blank(wantSum.shape, dtype), subject.blank(wantSum.shape, dtype)];
      subject.backend.comoments(subject.put(x), subject.put(center), subject.put(y), axes, sum, product);
      const floor = axes.reduce((n, k) => n * shape[k], 1);
      expectClose(subject.get(sum), wantSum, TOLERANCE, floor);
      expectClose(subject.get(product), wantProduct, TOLERANCE, floor);
    }
  });
});

describeBackends('affine', (subject) => {
  describe.each([false, true])('with an addend: %s', (hasAddend) => {
    test.each(CASES)('coefficients of %j without axes %j', (shape, axes) => {
      for (const dtype of subject.floats) {
        const samples = new Samples();
        const [x, y] = [samples.uniform(shape, dtype), samples.uniform(shape, dtype)];
        const kept = keptShape(shape, axes);
        const [center, scale, shift, factor] = Array.from({ length: 4 }, () => samples.uniform(kept, dtype));
        const want = build(shape, dtype, (index) => {
          const own = (at(x, index) - belonging(center, index)) * belonging(scale, index) + belonging(shift, index);
          return own + (hasAddend ? at(y, index) * belonging(factor, index) : 0);
        });
        const coefficients = { center: subject.put(center), scale: subject.put(scale), shift: subject.put(shift) };
        const addend = hasAddend ? { y: subject.put(y), scale: subject.put(factor) } : null;
        const got = subject.result(want, (out) => subject.backend.affine(subject.put(x), coefficients, addend, out));
        expectClose(got, want, TOLERANCE);
        const inPlace = subject.put(x);
        subject.backend.affine(inPlace, coefficients, addend, inPlace);
        expectClose(subject.get(inPlace), want, TOLERANCE);
      }
    });
  });

  test('nothing', () => {
    const [x, one] = [subject.blank([0, 3], 'float32'), subject.put(hostArray([1, 2, 3], [1, 3]))];
    subject.backend.affine(x, { center: one, scale: one, shift: one }, null, x);
  });
});
