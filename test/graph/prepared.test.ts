/** Packed weights: who owns them, when they are freed, and the memory that smaller formats take. */
import v8 from 'node:v8';
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import { BottleNeck } from '../../examples/resnet152.js';
import { compile, DeviceError, F, GraphError, L, np, Sequential, scope, type VariableLike } from '../../src/index.js';
import { getDevice } from '../../src/ndarray/device.js';
import { expectLikeModel } from '../support/compiled.js';
import { collect } from '../support/garbage.js';
import { withPreparing } from '../support/preparing-device.js';

const device = getDevice('wasm');
const bytes = () => device.stats().bytes;
const random = (...shape: number[]) => np.random.normal(0, 1, shape);

describe('prepared products', () => {
  it("compute the model's results, with inputs and results in other memory each time", () => {
    withPreparing(device, (calls) => {
      const predict = expectLikeModel(new BottleNeck(8, 4, 16, 2, true), [random(2, 8, 6, 6)]);
      expect(calls.count).toBe(4);
      expect(predict.summary().layers.map(({ algorithm }) => algorithm)).toEqual(Array(4).fill('copied float32'));
      predict.free();
      expect(calls.count).toBe(0);
      expectLikeModel(new LeNet5(), [random(2, 1, 28, 28)]).free();
    });
  });

  it('are not made of weights that depend on the inputs', () => {
    withPreparing(device, (calls) => {
      const [x, w] = [random(1, 2, 5, 5), random(3, 2, 3, 3)];
      expectLikeModel((a: VariableLike, b: VariableLike) => F.convolution2d(a, b), [x, w]).free();
      expectLikeModel((a: VariableLike, b: VariableLike) => F.matmul(a, b, false, true), [random(3, 4), random(5, 4)]);
      expect(calls.count).toBe(0);
    });
  });

  it('double the memory of the weights, unless the model hands them over', () => {
    const model = () => new Sequential(new L.Linear(1000, 500), F.relu, new L.Linear(500, 10));
    const x = np.ones([1, 1000]);
    const weights = 4 * (1000 * 500 + 500 * 10);
    withPreparing(device, () => {
      const [kept, taken] = [model(), model()];
      const before = bytes();
      const first = compile(kept, [x]);
      expect(bytes() - before).toBeGreaterThanOrEqual(weights);
      expectLikeModel(kept, [x]).free();
      first.free();
      expect(bytes()).toBe(before);
      const want = scope(null, () => [...kept(x).dataSync()]);
      taken.copyparams(kept);
      const predict = compile(taken, [x], { takeWeights: true });
      // Before, memory held the weights; now it also holds the arena.
      expect(bytes() - before).toBeLessThan(10_000);
      expect(scope(null, () => [...predict(x).dataSync()])).toEqual(want);
      expect(() => taken(x)).toThrow(/handed over/);
      const used = bytes();
      predict.free();
      expect(used - bytes()).toBeGreaterThanOrEqual(weights);
    });
  });

  it('of folded weights free the original weights', () => {
    withPreparing(device, () => {
      const model = new Sequential(new L.Convolution2D(16, 32, 3), new L.BatchNormalization(32));
      const x = random(1, 16, 8, 8);
      const before = bytes();
      const predict = compile(model, [x]);
      const folded = 4 * 16 * 32 * 9;
      expect(bytes() - before - predict.summary().arena.peak).toBeLessThan(folded * 1.1);
      predict.free();
    });
  });

  it('pack a weight that two layers share for each, and free it behind the last', () => {
    withPreparing(device, (calls) => {
      const fc = new L.Linear(4, 4);
      const model = new Sequential(fc, F.relu, fc);
      const predict = expectLikeModel(model, [random(2, 4)], { takeWeights: false });
      expect(calls.count).toBe(2);
      predict.free();
      const taking = compile(model, [random(2, 4)], { takeWeights: true });
      scope(null, () => taking(random(2, 4)));
      taking.free();
    });
  });
});

describe('weights of fewer bits', () => {
  it('are compared with float32 ones', () => {
    withPreparing(device, () => {
      const model = new Sequential(new L.Linear(6, 5));
      const x = random(20, 6);
      const [same] = compile(model, [x]).compareWeights(x);
      expect(same).toEqual({ name: '', maxAbsolute: 0, maxRelative: 0, top1Agreement: 1 });
      const [int8] = compile(model, [x], { weights: 'int8' }).compareWeights(x);
      // The oracle: products in double precision with weights rounded here.
      const fc = [...model][0] as L.Linear;
      const w = [...fc.W.dataSync()];
      const scale = Math.max(...w.map(Math.abs)) / 127;
      const error = w.map((v) => Math.round(v / scale) * scale - v);
      const rows = x.tolist() as number[][];
      const errors = rows.flatMap((row) =>
        [0, 1, 2, 3, 4].map((o) => Math.abs(row.reduce((sum, v, i) => sum + v * error[o * 6 + i], 0))),
      );
      expect(int8.maxAbsolute).toBeCloseTo(Math.max(...errors), 5);
      expect(int8.maxRelative).toBeGreaterThan(0);
      expect(int8.top1Agreement).toBeGreaterThan(0.5);
      const named = compile((v: VariableLike) => ({ y: F.exp(v) }), [x], { weights: 'float16' });
      expect(named.compareWeights(x)[0].name).toBe('y');
    });
  });

  it('cannot be compared once the weights were taken, and need a device that keeps them', () => {
    const x = random(2, 3);
    withPreparing(device, () => {
      const predict = compile(new Sequential(new L.Linear(3, 3)), [x], { weights: 'int8', takeWeights: true });
      expect(() => predict.compareWeights(x)).toThrow(GraphError);
    });
    const formats = device.weightFormats;
    try {
      Object.assign(device, { weightFormats: undefined });
      expect(() => compile((v: VariableLike) => F.exp(v), [x], { weights: 'int8' })).toThrow(DeviceError);
    } finally {
      Object.assign(device, { weightFormats: formats });
    }
  });
});

describe('ten thousand calls', () => {
  it('allocate nothing, neither in the heap of wasm nor in that of JavaScript', () => {
    const model = new Sequential(
      new L.Convolution2D(1, 4, 3),
      F.relu,
      (x: VariableLike) => F.maxPooling2d(x, 2),
      new L.Linear(36, 5),
    );
    const x = random(1, 1, 8, 8);
    const predict = compile(model, [x], { reuse: true });
    const y = np.zeros([1, 5]);
    const run = (times: number) => {
      for (let i = 0; i < times; i++) {
        predict(x);
        predict.into(y, x);
      }
    };
    run(5000);
    const before = np.memory();
    const grown = [1, 2, 3].map(() => {
      collect();
      const heap = v8.getHeapStatistics().used_heap_size;
      run(10_000);
      collect();
      return v8.getHeapStatistics().used_heap_size - heap;
    });
    expect(np.memory()).toEqual(before);
    // Code is compiled at any time, and others run here too: a leak would show in each round, with 8 bytes a call at least.
    expect(Math.min(...grown)).toBeLessThan(2 * 10_000 * 4);
  });
});
