/** The primitives that remain after fusion, and their results. Oracle: the model without compiling. */
import { describe, expect, it } from 'vitest';
import { BottleNeck } from '../../examples/resnet152.js';
import { Chain, compile, F, L, np, Sequential, type Variable, type VariableLike } from '../../src/index.js';
import { expectLikeModel } from '../support/compiled.js';

const random = (...shape: number[]) => np.random.normal(0, 1, shape);

/** The operations that run, with what their epilogues do. */
function operations(predict: { summary(): { layers: readonly { op: string }[] } }): string[] {
  return predict.summary().layers.map(({ op }) => op);
}

/** Batch normalization with statistics and parameters that change something. */
function normalization(channels: number): L.BatchNormalization {
  const bn = new L.BatchNormalization(channels);
  const values = () =>
    np.random
      .rand(channels)
      .dataSync()
      .map((v) => v + 0.5);
  for (const array of [bn.gamma?.array, bn.beta?.array, bn.avgMean, bn.avgVar]) array?.set(values());
  return bn;
}

describe('residuals', () => {
  it('of a block with a projection become the epilogue of a product, with the activation behind', () => {
    const block = new BottleNeck(8, 4, 16, 2, true);
    const x = random(2, 8, 6, 6);
    const predict = expectLikeModel(block, [x]);
    expect(operations(predict)).toHaveLength(4);
    expect(operations(predict).filter((op) => op === 'conv2d + residual + relu')).toHaveLength(1);
    expect(operations(predict).every((op) => op.startsWith('conv2d'))).toBe(true);
  });

  it('of a block without one add its input', () => {
    const block = new BottleNeck(16, 4, 16);
    expect(operations(expectLikeModel(block, [random(1, 16, 5, 5)]))).toEqual([
      'conv2d + relu',
      'conv2d + relu',
      'conv2d + residual + relu',
    ]);
  });

  it('may be added to a matrix product, also where more constants follow', () => {
    const fc = new L.Linear(6, 6);
    const f = (x: VariableLike) => F.tanh(F.add(F.add(fc(x), x), 0.5));
    expect(operations(expectLikeModel(f, [random(3, 6)]))).toEqual(['matmul + residual + tanh']);
  });

  it('that are scaled afterwards, repeated or broadcast stay unchanged', () => {
    const fc = new L.Linear(4, 4);
    const row = new L.Linear(4, 4);
    for (const f of [
      (x: VariableLike) => F.mul(F.add(fc(x), x), 2),
      (x: VariableLike) => F.add(F.add(fc(x), x), F.exp(x)),
      (x: VariableLike) => {
        const y = fc(x);
        return F.add(y, y);
      },
      (x: VariableLike) => F.sub(x, fc(x)),
      (x: VariableLike) => F.sub(fc(x), x),
      (x: VariableLike) => F.add(F.relu(fc(x)), row(x)),
      (x: VariableLike) => F.add(fc(x), F.sum(row(x), 0, true)),
      (x: VariableLike) => F.add(F.matmul(x, fc(x), true), F.square(F.matmul(x, x, true))),
    ]) {
      expectLikeModel(f, [random(4, 4)]);
    }
  });
});

describe('batch normalization', () => {
  it('behind a convolution, a matrix product or a convolution over one axis is part of it', () => {
    const conv = new L.Convolution2D(3, 5, 3);
    const layers = [
      [new Sequential(conv, normalization(5), F.relu), random(2, 3, 6, 6), 'conv2d + relu'],
      [new Sequential(new L.Linear(7, 5), normalization(5), F.relu), random(2, 7), 'matmul + relu'],
      [new Sequential(new L.Convolution1D(3, 5, 3), normalization(5)), random(2, 3, 9), 'conv2d'],
    ] as const;
    for (const [model, x, op] of layers) expect(operations(expectLikeModel(model, [x]))).toEqual([op]);
  });

  it('in front of one is one affine map', () => {
    const model = new Sequential(normalization(3), F.relu, new L.Convolution2D(3, 4, 3));
    expect(operations(expectLikeModel(model, [random(2, 3, 6, 6)]))).toEqual(['affine', 'unary relu', 'conv2d']);
  });

  it('whose operand has another reader is left alone', () => {
    class Branches extends Chain {
      conv = new L.Convolution2D(2, 3, 1);
      bn = normalization(3);
      forward(x: VariableLike): Variable[] {
        const h = this.conv(x);
        return [this.bn(h), F.relu(h)];
      }
    }
    expectLikeModel(new Branches(), [random(1, 2, 3, 3)]);
  });
});

describe('scales and shifts', () => {
  it('in a row are one of each at most', () => {
    const [column, row, all] = [random(3, 1), random(4), random(2, 3, 4)];
    const cases: [f: (x: VariableLike) => Variable, count: number][] = [
      [(x) => F.add(F.mul(F.sub(x, 3), 2), 1), 2],
      [(x) => F.div(F.mul(x, 3), 4), 1],
      [(x) => F.sub(F.add(x, 3), row), 1],
      [(x) => F.mul(F.add(x, column), row), 2],
      [(x) => F.mul(F.mul(x, 1), 1), 2],
      [(x) => F.mul(F.mul(x, all), 2), 2],
    ];
    for (const [f, count] of cases) expect(operations(expectLikeModel(f, [random(3, 4)]))).toHaveLength(count);
  });
});

describe('dropout', () => {
  it('vanishes', () => {
    const model = new Sequential(new L.Linear(3, 3), (x: VariableLike) => F.dropout(x, 0.3), F.sigmoid);
    expect(operations(expectLikeModel(model, [random(2, 3)]))).toEqual(['matmul + sigmoid']);
    expect(compile((x: VariableLike) => F.dropout(x), [np.ones([2])]).summary().layers).toEqual([]);
  });
});

describe('scales that are not finite', () => {
  const w = np.array([[1], [0]]);
  const x = np.array([[2, 3]]);

  it.each([
    ['· ∞', (y: Variable) => F.mul(y, Number.POSITIVE_INFINITY)],
    ['/ 0', (y: Variable) => F.div(y, 0)],
  ])('%s stay behind the product: the zero of a weight would become NaN', (_name, scale) => {
    using predict = compile((v: VariableLike) => scale(F.matmul(v, w)), [x]);
    expect(predict(x).tolist()).toEqual([[Number.POSITIVE_INFINITY]]);
  });

  it('stay behind shifts', () => {
    using predict = compile((v: VariableLike) => F.mul(F.mul(F.add(v, 0), 0.5), Number.POSITIVE_INFINITY), [x]);
    expect(predict(x).tolist()).toEqual([[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]]);
  });
});
