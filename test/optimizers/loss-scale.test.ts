/** Scaled losses. Oracle: the same updates without a scale. */
import { describe, expect, it } from 'vitest';
import { parseNpz } from '../../src/formats/npz.js';
import { F, iterators, L, np, optimizerHooks, optimizers, serializers, training, ValueError } from '../../src/index.js';

const x = np.array([[1, -2]]);

/** The weights after some updates, and what the hooks saw of the first gradient. */
function train(prepare: (optimizer: optimizers.Optimizer) => void, factor: (step: number) => number = () => 1) {
  const model = new L.Linear(2, 1, { initialW: np.array([[0.5, 0.25]]) });
  const optimizer = new optimizers.MomentumSGD(0.1).setup(model);
  optimizer.addHook(new optimizerHooks.GradientClipping(1.5));
  prepare(optimizer);
  for (let step = 0; step < 4; step++) optimizer.update(() => F.sum(F.square(model(x))).mul(factor(step)));
  return { weights: Array.from(model.W.dataSync()), optimizer };
}

describe('lossScaling', () => {
  it.each<[string, (optimizer: optimizers.Optimizer) => void]>([
    ['setLossScale', (optimizer) => optimizer.setLossScale(1024)],
    ['a fixed scale', (optimizer) => optimizer.lossScaling({ scale: 8 })],
    ['a dynamic scale', (optimizer) => optimizer.lossScaling()],
  ])('%s changes nothing that hooks and rules see', (_, prepare) => {
    const { weights } = train(() => {});
    const { weights: scaled, optimizer } = train(prepare);
    expect(optimizer.t).toBe(4);
    scaled.forEach((value, i) => {
      expect(value).toBeCloseTo(weights[i], 5);
    });
  });

  it('passes over updates whose gradients are not finite, and halves a dynamic scale', () => {
    // 65536 · 1e35 is too large for float32, and so is half of it.
    const { weights, optimizer } = train(
      (made) => made.lossScaling({ interval: 1 }),
      (step) => (step < 2 ? 1e35 : 1),
    );
    expect(optimizer.t).toBe(2);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(optimizer.lossScale).toBe(65504);
    const once = train(
      (made) => made.lossScaling({ interval: 10_000 }),
      (step) => (step < 3 ? 1e35 : 1),
    ).optimizer;
    expect(once.lossScale).toBeCloseTo((65536 / 8) * 2 ** 1e-4, 6);
  });

  // Oracle: the names that Chainer 7's Optimizer.serialize and UpdateRule.serialize write.
  it('is in a file if it changes, and may be missing there, as in Chainer’s', () => {
    const { optimizer } = train(
      (made) => made.lossScaling({ interval: 1 }),
      (step) => (step < 2 ? 1e35 : 1),
    );
    const bytes = serializers.toNpz(optimizer);
    expect([...parseNpz(bytes).keys()].sort()).toEqual(['W/t', 'W/v', 'b/t', 'b/v', 'epoch', 'loss_scale', 't']);
    const resumed = new optimizers.MomentumSGD(0.1).setup(new L.Linear(2, 1));
    resumed.lossScaling();
    serializers.fromNpz(bytes, resumed);
    expect([resumed.t, resumed.lossScale]).toEqual([2, optimizer.lossScale]);
    const plain = new optimizers.MomentumSGD(0.1).setup(new L.Linear(2, 1));
    const other = new optimizers.MomentumSGD(0.1).setup(new L.Linear(2, 1));
    other.lossScaling();
    serializers.fromNpz(serializers.toNpz(plain), other);
    expect(other.lossScale).toBe(65536);
  });

  it('is an option of StandardUpdater', () => {
    const optimizer = new optimizers.SGD().setup(new L.Linear(1, 1));
    const iterator = new iterators.SerialIterator([np.ones(1)], 1);
    new training.StandardUpdater(iterator, optimizer, { lossScale: 16 });
    expect(optimizer.lossScale).toBe(16);
  });

  it('refuses numbers that are not scales', () => {
    const optimizer = new optimizers.SGD();
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => optimizer.setLossScale(scale)).toThrow(ValueError);
    }
    expect(() => optimizer.lossScaling({ interval: 0 })).toThrow(/interval is 0/);
  });
});
