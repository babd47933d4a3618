/** Inputs and outputs of compiled models: structures, arrays that are filled again, shapes, memory. */
import { describe, expect, it } from 'vitest';
import {
  Chain,
  compile,
  DTypeError,
  F,
  GraphError,
  L,
  MemoryError,
  np,
  readOnnx,
  ShapeError,
  usingConfig,
  ValueError,
  Variable,
  type VariableLike,
} from '../../src/index.js';

const [a, b] = [np.array([[1, 2, 3]]), np.array([[10, 20, 30]])];

describe('results', () => {
  it('are an array, a tuple, a record or nested, as the target gives them, with their types', () => {
    const tuple = compile((x: VariableLike, y: VariableLike) => [F.add(x, y), F.sub(x, y)] as const, [a, b]);
    const [sum, difference] = tuple(a, b);
    expect([sum.tolist(), difference.tolist()]).toEqual([[[11, 22, 33]], [[-9, -18, -27]]]);

    const record = compile((x: VariableLike) => ({ twice: F.mul(x, 2), parts: [F.neg(x)] }), [a]);
    const { twice, parts } = record(a);
    expect(twice.tolist()).toEqual([[2, 4, 6]]);
    expect(parts[0].tolist()).toEqual([[-1, -2, -3]]);
    // @ts-expect-error: the record has no such result
    expect(record(a).thrice).toBeUndefined();
  });

  it('may be an input, a constant, or the same array twice', () => {
    const f = (x: VariableLike) => {
      const y = F.mul(x, 3);
      return { x, y, again: F.reshape(y, [3, 1]), one: np.ones([2]) };
    };
    const predict = compile(f, [a]);
    for (const input of [a, b]) {
      const { x, y, again, one } = predict(input);
      expect(x.tolist()).toEqual(input.tolist());
      expect(y.tolist()).toEqual([(input.tolist() as number[][])[0].map((v) => v * 3)]);
      expect(again.reshape(1, 3).tolist()).toEqual(y.tolist());
      expect(one.tolist()).toEqual([1, 1]);
      expect(x.storage).not.toBe(input.storage);
    }
  });

  it('are arrays of their own, unless asked for the same ones', () => {
    const f = (x: VariableLike) => F.mul(x, 2);
    const fresh = compile(f, [a]);
    const first = fresh(a);
    expect([fresh(b).tolist(), first.tolist()]).toEqual([[[20, 40, 60]], [[2, 4, 6]]]);
    const same = compile(f, [a], { reuse: true });
    const kept = same(a);
    expect(same(b)).toBe(kept);
    expect(kept.tolist()).toEqual([[20, 40, 60]]);
  });

  it('go into given arrays, which must fit', () => {
    const predict = compile((x: VariableLike) => ({ y: F.mul(x, 2) }), [a]);
    const y = np.zeros([1, 3]);
    predict.into({ y }, b);
    expect(y.tolist()).toEqual([[20, 40, 60]]);
    expect(() => predict.into({ y: np.zeros([3]) }, b)).toThrow(ShapeError);
    expect(() => predict.into({ y: np.zeros([1, 3], 'int32') }, b)).toThrow(DTypeError);
    expect(() => predict.into({ y: b }, b)).toThrow(ValueError);
  });

  it('of other kinds are refused', () => {
    expect(() => compile((x: VariableLike) => ({ y: x, n: 3 }), [a])).toThrow(GraphError);
  });
});

describe('examples', () => {
  it('may be one array several times', () => {
    const f = compile((x: VariableLike, y: VariableLike) => F.sub(F.mul(x, 2), y), [a, a]);
    expect(f(a, b).tolist()).toEqual([[-8, -16, -24]]);
    expect(f(b, a).tolist()).toEqual([[19, 38, 57]]);
    const views = compile((x: VariableLike, y: VariableLike) => F.add(F.reshape(x, [1, 3]), y), [a.reshape([3, 1]), a]);
    expect(views(b.reshape([3, 1]), a).tolist()).toEqual([[11, 22, 33]]);
    using model = readOnnx(f.toOnnx({ inputNames: ['x', 'y'] }));
    model.run({ x: a, y: a });
    expect(model(a, b).tolist()).toEqual([[-8, -16, -24]]);
    expect(f(a, a).tolist()).toEqual([[1, 2, 3]]);
  });

  it('that the function also computes with are constants there', () => {
    const f = compile((x: VariableLike) => F.add(F.mul(x, 10), a), [a]);
    expect(f(b).tolist()).toEqual([[101, 202, 303]]);
    const variable = new Variable(np.array([[1, 2, 3]]));
    const g = compile((x: VariableLike) => ({ sum: F.add(x, variable), variable }), [variable]);
    const { sum, variable: constant } = g(b);
    expect([sum.tolist(), constant.tolist()]).toEqual([[[11, 22, 33]], [[1, 2, 3]]]);
  });
});

describe('an array that the host writes while a function runs', () => {
  it('has its values at each run, also where a call adds to it', () => {
    const f = (x: VariableLike) => {
      const seed = np.array([[1, 1, 1, 1]]);
      return F.concat([x, seed], 1);
    };
    const predict = compile(f, [a]);
    expect(predict(b).tolist()).toEqual([[10, 20, 30, 1, 1, 1, 1]]);
    expect(predict(b).tolist()).toEqual([[10, 20, 30, 1, 1, 1, 1]]);
  });
});

class Lazy extends Chain {
  fc = new L.Linear(null, 4);
  forward(x: VariableLike): Variable {
    return F.relu(this.fc(F.dropout(x)));
  }
}

describe('memory', () => {
  it('is kept for as many shapes as asked, the last used', () => {
    const model = new Lazy();
    const x = (n: number) => np.ones([n, 3]);
    const predict = compile(model, [x(1)], { maxShapes: 2 });
    const graph = predict.graphFor(x(1));
    predict(x(2));
    predict(x(1));
    predict(x(3));
    expect(predict.graphFor(x(1))).toBe(graph);
    predict(x(2));
    predict(x(3));
    expect(predict.graphFor(x(1))).not.toBe(graph);
    expect(() => compile(model, [x(1)], { maxShapes: 0 })).toThrow(ValueError);
  });

  it('is given back by free, and by using', () => {
    const model = new Lazy();
    const x = np.ones([2, 3]);
    usingConfig('train', false, () => model(x));
    const before = np.memory().devices.wasm?.bytes;
    const predict = compile(model, [x], { reuse: true });
    predict(x);
    predict.free();
    predict.free();
    expect(np.memory().devices.wasm?.bytes).toBe(before);
    expect(() => predict(x)).toThrow(MemoryError);
    expect(() => predict.summary()).toThrow(MemoryError);
    {
      using other = compile(model, [x]);
      other(x)[Symbol.dispose]();
    }
    expect(np.memory().devices.wasm?.bytes).toBe(before);
  });

  it('of a model that a function calls stays, also of parameters that got their shape in the trace', () => {
    const model = new Lazy();
    const x = np.ones([2, 3]);
    const predict = compile((v: VariableLike) => F.mul(model(v), 2), [x]);
    const want = usingConfig('train', false, () => model(x).dataSync()).map((v) => v * 2);
    expect([...predict(x).dataSync()]).toEqual([...want]);
  });

  it('passes to the compiled model where that takes the weights', () => {
    const model = new Lazy();
    const x = np.random.rand(2, 3);
    const want = usingConfig('train', false, () => [...model(x).dataSync()]);
    const predict = compile(model, [x], { takeWeights: true });
    expect([...predict(x).dataSync()]).toEqual(want);
    expect(() => model(x)).toThrow(/handed over/);
    expect(() => predict(np.ones([1, 3]))).toThrow(GraphError);
    predict.free();
    expect(() => compile((v: VariableLike) => F.exp(v), [x], { takeWeights: true })).toThrow(ValueError);
  });
});
