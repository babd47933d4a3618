/** Sums, means and deviations of millions of elements, whose errors must not grow with their number. */
import { describe, expect, test } from 'vitest';
import { describeBackends } from '../support/backends.js';

/** Elements over the reduced axes `shape[0]` and `shape[2]` of (a, c, b): all, columns, rows, planes of channels. */
const SHAPES = [
  [1, 1, 3_000_000],
  [1_000_000, 4, 1],
  [300_001, 5, 1],
  [1, 3, 700_001],
  [64, 4, 8192],
] as const;

/** Mean and deviation of each channel's elements: equal elements, and elements close to a mean far from 0. */
const DISTRIBUTIONS = [
  [0.1, 0],
  [-1, 1],
  [1e4, 1],
  [-30, 0.003],
  [1e-3, 1e-7],
  [5e8, 1e5],
] as const;

/** Numbers in [−√3, √3) with deviation 1, by a linear congruential generator: a million draws are quick. */
function* draws(): Generator<number> {
  for (let state = 12345; ; state = (Math.imul(state, 1664525) + 1013904223) >>> 0) {
    yield (state / 2 ** 31 - 1) * Math.sqrt(3);
  }
}

/** Two passes in float64. */
function statistics(values: Float32Array, [a, c, b]: readonly number[], channel: number) {
  const sumOf = (term: (x: number) => number) => {
    let sum = 0;
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) sum += term(values[(i * c + channel) * b + j]);
    }
    return sum;
  };
  const sum = sumOf((x) => x);
  const mean = sum / (a * b);
  return { sum, mean, deviation: Math.sqrt(sumOf((x) => (x - mean) ** 2) / (a * b)) };
}

describeBackends('long sums', ({ backend }) => {
  describe.each(SHAPES)('of (%i, %i, %i)', (...shape) => {
    test.each(DISTRIBUTIONS)('mean %d, deviation %d', (centre, spread) => {
      const random = draws();
      const size = shape[0] * shape[1] * shape[2];
      const values = Float32Array.from({ length: size }, () => centre + spread * (random.next().value as number));
      const tensor = (length: number, dims: readonly number[]) => ({
        shape: dims,
        dtype: 'float32' as const,
        memory: backend.alloc(length, 'float32'),
      });
      const x = tensor(size, shape);
      const [sum, mean, variance] = Array.from({ length: 3 }, () => tensor(shape[1], [1, shape[1], 1]));
      backend.write(x.memory, values);
      backend.reduce('sum', x, [0, 2], sum);
      backend.moments(x, [0, 2], mean, variance);
      const [sums, means, variances] = [sum, mean, variance].map(({ memory }) => backend.readSync(memory));
      for (const { memory } of [x, sum, mean, variance]) backend.free(memory);

      for (let channel = 0; channel < shape[1]; channel++) {
        const want = statistics(values, shape, channel);
        const scale = Math.max(Math.abs(want.mean), want.deviation);
        expect(Math.abs(sums[channel] - want.sum) / (shape[0] * shape[2] * scale), 'sum').toBeLessThan(1e-6);
        expect(Math.abs(means[channel] - want.mean) / scale, 'mean').toBeLessThan(1e-6);
        const error = Math.abs(Math.sqrt(variances[channel]) - want.deviation);
        // The mean of equal elements is rounded, and the rounding error is the deviation.
        if (spread === 0) expect(error / scale, 'deviation').toBeLessThan(1e-6);
        else expect(error / want.deviation, 'deviation').toBeLessThan(1e-4);
      }
    });
  });
});
