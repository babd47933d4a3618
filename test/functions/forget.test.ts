/** F.forget: memory is freed after forward, and backward computes the same gradients. */
import { describe, expect, it } from 'vitest';
import { config, F, GraphError, grad, L, np, scope, Variable } from '../../src/index.js';
import { checkFunction } from '../support/function-harness.js';

const f = (a: Variable, b: Variable) => a.add(b).mul(a);

checkFunction({
  name: 'forget',
  fn: (a, b) => F.forget(f, a, b),
  inputs: [[3], [3]],
  forward: (a, b) => ({ shape: [3], values: a.values.map((v, i) => (v + b.values[i]) * v) }),
  doubleBackward: false,
});

checkFunction({
  name: 'forget of a function with two results',
  fn: (x) => F.forget((v) => [v.mul(v), v.add(1)], x),
  inputs: [[2, 2]],
  forward: (x) => [
    { ...x, values: x.values.map((v) => v * v) },
    { ...x, values: x.values.map((v) => v + 1) },
  ],
  doubleBackward: false,
});

describe('forget', () => {
  it('computes twice, keeps nothing in between, and says so', () => {
    const seen: [recomputing: boolean, recording: boolean][] = [];
    const x = new Variable(np.array([1, 2]));
    const y = F.forget((v) => {
      seen.push([config.inRecomputing, config.enableBackprop]);
      return v.mul(v).mul(v);
    }, x);
    expect(y.creator?.inputs).toEqual([x.node]);
    F.sum(y).backward();
    expect(x.grad?.tolist()).toEqual([3, 12]);
    expect(seen).toEqual([
      [false, false],
      [true, true],
    ]);
    expect([config.inRecomputing, config.enableBackprop]).toEqual([false, true]);
  });

  it('gives the parameters that the function uses their gradients, which outlive the step', () => {
    const layer = new L.Linear(3, 2);
    const x = np.random.normal(0, 1, [4, 3]);
    const loss = (call: (v: Variable) => Variable) => F.sum(F.square(call(new Variable(x))));
    loss((v) => F.tanh(layer(v))).backward();
    const want = Array.from(layer.params(), (p) => p.grad?.dataSync());
    layer.cleargrads();
    scope(layer, () => {
      loss((v) => F.forget((h) => F.tanh(layer(h)), v)).backward();
    });
    expect(Array.from(layer.params(), (p) => p.grad?.dataSync())).toEqual(want);
  });

  it('adds up with gradients from elsewhere', () => {
    const w = new Variable(np.array([2, 3]));
    const x = new Variable(np.array([5, 7]));
    F.sum(F.forget((v) => v.mul(w), x).add(w)).backward();
    expect(w.grad?.tolist()).toEqual([6, 8]);
    expect(x.grad?.tolist()).toEqual([2, 3]);
  });

  it('takes arrays, and frees what it recomputed', () => {
    const w = new Variable(np.array([2, 3]));
    const before = np.memory().arrays;
    scope(w, () => {
      F.sum(F.forget((v) => F.exp(v.mul(w)), np.array([1, 1]))).backward();
    });
    expect(np.memory().arrays).toBe(before + 1);
    expect(w.grad?.dataSync()[0]).toBeCloseTo(Math.exp(2), 4);
  });

  it('refuses second derivatives', () => {
    const x = new Variable(np.array([1]));
    const y = F.forget((v) => v.mul(v), x);
    expect(() => grad([y], [x], { enableDoubleBackprop: true })).toThrow(GraphError);
  });
});
