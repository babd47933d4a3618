/** Random draws of compiled functions. Oracle: what the functions draw without compiling, from the same seed and in the same order. */
import { describe, expect, it } from 'vitest';
import {
  Chain,
  compile,
  F,
  GraphError,
  L,
  np,
  readOnnx,
  usingConfig,
  type Variable,
  type VariableLike,
} from '../../src/index.js';

const x = np.array([
  [0.5, -1, 2],
  [1, 0.25, -3],
]);
const W = np.ones([4, 3]);

/** Runs in train mode, also when it is compiled. */
const training =
  <A extends readonly VariableLike[]>(f: (...inputs: A) => Variable) =>
  (...inputs: A): Variable =>
    usingConfig('train', true, () => f(...inputs));

const FUNCTIONS: Record<string, (v: VariableLike) => Variable> = {
  gaussian: (v) => F.gaussian(v, F.mul(v, 0.5)),
  'gaussian of constants alone': () => F.gaussian(W, W),
  gumbelSoftmax: (v) => F.gumbelSoftmax(v, 0.7),
  'dropout of weights': training((v) => F.linear(v, F.dropout(W, 0.5))),
  'two dropouts': training((v) => F.dropout(F.exp(F.dropout(v, 0.25)), 0.5)),
  'a draw that nobody reads before one that is read': training((v) => {
    F.dropout(v, 0.5);
    return F.gaussian(v, v);
  }),
  zoneout: training((v) => F.zoneout(v, F.neg(v), 0.4)),
  simplifiedDropconnect: (v) => F.simplifiedDropconnect(v, W, null, 0.5),
  rrelu: training((v) => F.rrelu(v)),
};

/** The results of `runs` calls. */
const drawn = (f: (v: VariableLike) => np.NDArray | Variable, runs: number): number[][] =>
  Array.from({ length: runs }, () => [...f(x).dataSync()]);

function expectClose(got: number[][], want: number[][]): void {
  for (const [i, row] of want.entries())
    for (const [k, v] of row.entries()) expect(got[i][k], `run ${i}, element ${k}`).toBeCloseTo(v, 5);
}

describe('draws of compiled functions', () => {
  it.each(Object.entries(FUNCTIONS))('are new at each run, as without compiling: %s', (_, f) => {
    np.random.seed(11);
    const want = drawn(f, 3);
    expect(want[1]).not.toEqual(want[0]);
    np.random.seed(11);
    const predict = compile(f, [x]);
    expectClose(drawn(predict, 3), want);
    // Neither looking at a graph nor tracing one for another shape takes numbers away.
    np.random.seed(11);
    predict.profile(x);
    predict.compareWeights(x);
    predict.graphFor(np.ones([5, 3]));
    expectClose(drawn(predict, 3), want);
    const reused = compile(f, [x], { reuse: true });
    np.random.seed(11);
    expectClose(drawn(reused, 3), want);
  });

  it('are new at each run of the ONNX file, too', () => {
    for (const [name, f] of Object.entries(FUNCTIONS)) {
      const loaded = readOnnx(compile(f, [x]).toOnnx());
      const draw = () => [...loaded(x).dataSync()];
      const draws = Array.from({ length: 8 }, draw);
      expect(new Set(draws.map(String)).size, name).toBeGreaterThan(1);
      np.random.seed(5);
      const again = draw();
      np.random.seed(5);
      expect(draw(), name).toEqual(again);
    }
  });

  it('have the distribution that is asked for', () => {
    const zeros = np.zeros([100, 100]);
    np.random.seed(3);
    const noise = compile((v: VariableLike) => F.gaussian(v, v), [zeros]);
    const kept = compile(
      training((v: VariableLike) => F.dropout(v, 0.3)),
      [zeros],
    );
    const loaded = readOnnx(noise.toOnnx());
    for (const y of [noise(zeros), loaded(zeros)]) {
      expect(Math.abs(np.mean(y).item())).toBeLessThan(0.05);
      expect(Math.abs(np.std(y).item() - 1)).toBeLessThan(0.05);
    }
    expect(Math.abs(np.mean(kept(np.ones([100, 100]))).item() - 1)).toBeLessThan(0.05);
  });
});

describe('draws on the host', () => {
  const refused: Record<string, (v: VariableLike) => VariableLike> = {
    'np.random.randn': (v) => F.add(v, np.random.randn(2, 3)),
    'np.random.uniform alone': () => np.random.uniform(0, 1, [2]),
    'np.random.randint': (v) => F.getItem(v, np.random.randint(0, 2)),
    'np.random.permutation': (v) => F.getItem(v, [np.random.permutation(2)]),
    'np.random.choice': (v) => F.add(v, np.random.choice(5, 3)),
    'np.random.seed': (v) => {
      np.random.seed(1);
      return F.gaussian(v, v);
    },
    'a RandomState of the function': (v) => F.mul(v, new np.random.RandomState(1).normal()),
    'weights of a link made in the function': (v) => new L.Linear(3, 2)(v),
    'weights of a link made in the function that get their shape there': (v) => new L.Linear(null, 2)(v),
  };

  it.each(Object.entries(refused))('are refused: %s', (_, f) => {
    expect(() => compile(f, [x])).toThrow(GraphError);
    expect(() => compile(f, [x])).toThrow(/pass the numbers as an input/);
  });

  it('are refused of a RandomState that has a number left', () => {
    const state = new np.random.RandomState(1);
    state.normal();
    expect(() => compile((v: VariableLike) => F.mul(v, state.normal()), [x])).toThrow(GraphError);
  });

  it('are made after a refusal as before', () => {
    np.random.seed(4);
    const want = np.random.rand(3).tolist();
    np.random.seed(4);
    expect(() => compile(() => np.random.rand(3), [x])).toThrow(GraphError);
    expect(np.random.rand(3).tolist()).toEqual(want);
  });

  it('give parameters their initial values, once', () => {
    class Lazy extends Chain {
      fc = new L.Linear(null, 4);
      norm = new L.BatchNormalization(null);
      forward(v: VariableLike): Variable {
        return this.norm(this.fc(v));
      }
    }
    const model = new Lazy();
    const predict = compile(model, [x]);
    const want = usingConfig('train', false, () => model(x));
    expectClose([[...predict(x).dataSync()]], [[...want.dataSync()]]);
  });

  it('are not values that the course of a program may depend on', () => {
    const f = (v: VariableLike) => (F.gaussian(W, W).dataSync()[0] > 0 ? F.neg(v) : v);
    expect(() => compile(f, [x])).toThrow(/random draws/);
  });
});
