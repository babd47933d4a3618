/** Summaries and profiles: their counts and their tables. Oracle: counting by hand. */
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { compile, F, L, np, type VariableLike } from '../../src/index.js';

const x = np.ones([2, 1, 28, 28]);

describe('summary', () => {
  it('tells layers, shapes, parameters and multiplications', () => {
    const model = new LeNet5();
    const summary = compile(model, [x]).summary();
    expect(summary.layers.map(({ layer, op }) => [layer, op])).toEqual([
      ['conv1', 'conv2d + sigmoid'],
      ['maxPool2d', 'maxPool2d'],
      ['conv2', 'conv2d + sigmoid'],
      ['maxPool2d', 'maxPool2d'],
      ['conv3', 'conv2d + sigmoid'],
      ['fc4', 'matmul + sigmoid'],
      ['fc5', 'matmul'],
      ['softmax', 'softmax'],
    ]);
    expect(summary.parameters).toBe(model.countParams());
    expect(summary.layers[0]).toMatchObject({ shape: [2, 6, 24, 24], parameters: 156, macs: 2 * 6 * 24 * 24 * 25 });
    expect(summary.layers[5].macs).toBe(2 * 120 * 84);
    expect(summary.macs).toBe(summary.layers.reduce((sum, { macs }) => sum + macs, 0));
    expect(`${summary}`).toMatch(/^layer +operation +output +parameters +MACs/);
    expect(`${summary}`).toContain('44,426 parameters');
  });

  it('counts shared weights once, and the multiplications of transposed convolutions', () => {
    const fc = new L.Linear(4, 4);
    const shared = compile((v: VariableLike) => fc(F.exp(fc(v))), [np.ones([1, 4])]).summary();
    expect(shared.parameters).toBe(20);
    expect(shared.layers.map(({ parameters }) => parameters)).toEqual([20, 0, 20]);
    const up = compile(new L.Deconvolution2D(2, 3, 2, 2, 0, { nobias: true }), [np.ones([1, 2, 4, 4])]).summary();
    expect(up.macs).toBe(2 * 4 * 4 * 3 * 2 * 2);
  });
});

describe('profile', () => {
  it('has a time for each layer, in order or slowest first, with or without inputs', () => {
    const predict = compile(new LeNet5(), [x]);
    const before = np.memory();
    for (const profile of [predict.profile(), predict.profile(x)]) {
      expect(profile.layers.map(({ layer }) => layer)).toEqual(predict.summary().layers.map(({ layer }) => layer));
      expect(profile.layers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      const times = profile.sorted().layers.map(({ milliseconds }) => milliseconds);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(`${profile}`).toMatch(/ ms$/);
    }
    expect(np.memory()).toEqual(before);
  });
});
