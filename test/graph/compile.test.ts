/** Compiled models: results, shapes, options, and errors. */
import { describe, expect, it } from 'vitest';
import { LeNet5 } from '../../examples/lenet5.js';
import {
  Chain,
  compile,
  F,
  GraphError,
  L,
  noBackpropMode,
  np,
  scope,
  usingConfig,
  type Variable,
  type VariableLike,
} from '../../src/index.js';

const inTestMode = <T>(fn: () => T): T => usingConfig('train', false, () => noBackpropMode(fn));

function expectSame(got: np.NDArray, want: Variable | np.NDArray, tolerance = 1e-5) {
  expect(got.shape).toEqual([...want.shape]);
  const [a, b] = [got.dataSync(), want.dataSync()];
  for (const [i, v] of a.entries()) {
    expect(Math.abs(v - b[i]), `element ${i}: ${v} for ${b[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** A convolution, its normalization written out, and a residual. */
class Normalized extends Chain {
  conv = new L.Convolution2D(2, 3, 3, 1, 1, { nobias: true });
  mean = np.random.rand(3);
  scale = np.random.rand(3);
  beta = np.random.rand(3);

  forward(x: VariableLike): Variable {
    const perChannel = (v: np.NDArray) => v.reshape(1, 3, 1, 1);
    const h = F.add(F.mul(F.sub(this.conv(x), perChannel(this.mean)), perChannel(this.scale)), perChannel(this.beta));
    return F.relu(h);
  }
}

describe('compile', () => {
  it("gives the model's results in test mode, run after run", () => {
    const model = new LeNet5();
    const x = np.random.rand(3, 1, 28, 28);
    const predict = compile(model, [x]);
    expectSame(
      predict(x),
      inTestMode(() => model(x)),
    );
    const y = np.random.rand(3, 1, 28, 28);
    expectSame(
      predict(y),
      inTestMode(() => model(y)),
    );
    expectSame(
      predict(x),
      inTestMode(() => model(x)),
    );
  });

  it('makes LeNet5 eight nodes: activations are in the epilogues', () => {
    const x = np.ones([1, 1, 28, 28]);
    const { nodes } = compile(new LeNet5(), [x]).graphFor(x).graph;
    expect(nodes.map(({ op }) => op)).toEqual([
      'conv2d',
      'maxPool2d',
      'conv2d',
      'maxPool2d',
      'conv2d',
      'matmul',
      'matmul',
      'softmax',
    ]);
  });

  it('folds scales and shifts into the convolution before them', () => {
    const model = new Normalized();
    const x = np.random.rand(2, 2, 5, 5);
    const predict = compile(model, [x]);
    expect(predict.graphFor(x).graph.nodes.map(({ op }) => op)).toEqual(['conv2d']);
    expectSame(
      predict(x),
      inTestMode(() => model(x)),
    );
  });

  it('folds batch normalization into the convolution before it, and leaves one walk where there is none', () => {
    const norm = new L.BatchNormalization(2);
    const [conv, after] = [new L.Convolution2D(2, 2, 3), new L.BatchNormalization(2)];
    for (const link of [norm, after]) link.avgVar = np.random.rand(2).add(0.5);
    const model = (x: VariableLike) => F.relu(after(conv(norm(x))));
    const x = np.random.rand(2, 2, 5, 5);
    const predict = compile(model, [x]);
    expect(predict.graphFor(x).graph.nodes.map(({ op }) => op)).toEqual(['affine', 'conv2d']);
    expectSame(
      predict(x),
      inTestMode(() => model(x)),
    );
  });

  it('traces each new shape at its first call', () => {
    const model = new LeNet5();
    const predict = compile(model, [np.ones([1, 1, 28, 28])]);
    const x = np.random.rand(5, 1, 28, 28);
    expectSame(
      predict(x),
      inTestMode(() => model(x)),
    );
  });

  it('compiles functions of several inputs', () => {
    const f = (a: VariableLike, b: VariableLike) => F.sum(F.mul(F.exp(a), b), 1);
    const [a, b] = [np.random.rand(3, 4), np.random.rand(3, 4)];
    expectSame(compile(f, [a, b])(a, b), f(a, b));
  });

  it('refuses programs that branch on values', () => {
    expect(() =>
      compile((x: VariableLike) => F.mul(x, x instanceof np.NDArray ? x.item() : 1), [np.ones([1])]),
    ).toThrow(GraphError);
  });

  it('allocates nothing but its result', () => {
    const x = np.random.rand(2, 1, 28, 28);
    const predict = compile(new LeNet5(), [x]);
    predict(x)[Symbol.dispose]();
    const { arrays, devices } = np.memory();
    for (let i = 0; i < 50; i++) scope(null, () => predict(x))[Symbol.dispose]();
    expect(np.memory().arrays).toBe(arrays);
    expect(np.memory().devices.wasm?.blocks).toBe(devices.wasm?.blocks);
  });

  it('prints as DOT and is profiled', () => {
    const x = np.ones([1, 1, 28, 28]);
    const predict = compile(new LeNet5(), [x]);
    expect(predict.dot(x)).toMatch(/n0 -> n1 \[label="\(1,6,24,24\)"\]/);
    expect(predict.profile(x).layers.length).toBe(8);
  });
});
