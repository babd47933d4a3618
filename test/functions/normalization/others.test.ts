/** Normalizations of layers, groups, vectors and neighbouring channels. */
import { describe, expect, it } from 'vitest';
import { F, grad, np, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { checkFunction, type HostValues } from '../../support/function-harness.js';
import { indicesOf } from '../../support/host-array.js';
import { elementOf, filled } from '../../support/oracle/windows.js';

/** (x − mean)/√(variance + eps) among the elements that `together` says belong to one another. */
function standardized(x: HostValues, eps: number, together: (index: readonly number[]) => string): HostValues {
  const groups = new Map<string, number[]>();
  for (const index of indicesOf(x.shape)) {
    const key = together(index);
    groups.set(key, [...(groups.get(key) ?? []), elementOf(x, index)]);
  }
  return filled(x.shape, (index) => {
    const group = groups.get(together(index)) ?? [];
    const mean = group.reduce((a, b) => a + b) / group.length;
    const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / group.length;
    return (elementOf(x, index) - mean) / Math.sqrt(variance + eps);
  });
}

const affine = (x: HostValues, gamma: HostValues, beta: HostValues) =>
  filled(x.shape, (index) => gamma.values[index[1]] * elementOf(x, index) + beta.values[index[1]]);

for (const [shape, eps] of [
  [[3, 4], undefined],
  [[1, 7], 1e-2],
] as const) {
  checkFunction({
    name: `layerNormalization of (${shape}) with eps ${eps ?? 'by default'}`,
    fn: (x, gamma, beta) => F.layerNormalization(x, gamma, beta, eps),
    inputs: [shape, [shape[1]], [shape[1]]],
    tolerance: 3e-5,
    forward: (x, gamma, beta) =>
      affine(
        standardized(x, eps ?? 1e-5, ([n]) => String(n)),
        gamma,
        beta,
      ),
  });
}

for (const [shape, groups] of [
  [[2, 4, 3, 2], 2],
  [[3, 6, 4], 3],
  [[2, 4, 2, 2], 1],
  [[2, 3, 5], 3],
  [[2, 6], 2],
] as const) {
  checkFunction({
    name: `groupNormalization of (${shape}) in ${groups} groups`,
    fn: (x, gamma, beta) => F.groupNormalization(x, groups, gamma, beta),
    inputs: [shape, [shape[1]], [shape[1]]],
    tolerance: 3e-5,
    forward: (x, gamma, beta) => {
      const size = shape[1] / groups;
      return affine(
        standardized(x, 1e-5, ([n, c]) => `${n} ${Math.floor(c / size)}`),
        gamma,
        beta,
      );
    },
  });
}

for (const [shape, axis] of [
  [[3, 5], undefined],
  [[2, 3, 4], 2],
  [
    [2, 3, 4, 2],
    [1, 2],
  ],
  [[3, 4], 0],
  [[3, 4], -1],
] as const) {
  const axes = [axis ?? 1].flat().map((k) => (k < 0 ? k + shape.length : k));
  checkFunction({
    name: `normalize (${shape}) over ${axis ?? 'the default'}`,
    fn: (x) => F.normalize(x, 0.1, axis),
    inputs: [shape],
    forward(x) {
      const key = (index: readonly number[]) => index.filter((_, k) => !axes.includes(k)).join(' ');
      const squares = new Map<string, number>();
      for (const index of indicesOf(shape)) {
        squares.set(key(index), (squares.get(key(index)) ?? 0) + elementOf(x, index) ** 2);
      }
      return filled(shape, (index) => elementOf(x, index) / (Math.sqrt(squares.get(key(index)) ?? 0) + 0.1));
    },
  });
}

it('normalize leaves a zero vector as it is, with the gradient gy/eps', () => {
  const x = new Variable(np.zeros([1, 2]));
  const y = F.normalize(x, 0.5);
  const [gx] = grad([y], [x], { gradOutputs: [new Variable(np.array([[1, -2]]))] });
  expect([y.tolist(), gx?.tolist()]).toEqual([[[0, 0]], [[2, -4]]]);
});

for (const [shape, n, k, alpha, beta] of [
  [[2, 7, 2, 3], 5, 2, 0.1, 0.75],
  [[2, 6], 3, 1, 0.5, 0.5],
  [[1, 5, 2], 4, 1, 0.2, 2],
  [[1, 2, 3], 5, 2, 0.3, 0.75],
  [[1, 3, 2], 1, 2, 0.3, 0.75],
] as const) {
  checkFunction({
    name: `localResponseNormalization of (${shape}) over ${n} channels`,
    fn: (x) => F.localResponseNormalization(x, { n, k, alpha, beta }),
    inputs: [shape],
    forward: (x) =>
      filled(shape, (index) => {
        let sum = 0;
        const half = Math.floor(n / 2);
        for (let c = Math.max(0, index[1] - half); c <= Math.min(shape[1] - 1, index[1] + half); c++) {
          sum += elementOf(x, [index[0], c, ...index.slice(2)]) ** 2;
        }
        return elementOf(x, index) / (k + alpha * sum) ** beta;
      }),
  });
}

describe('operands that do not fit are refused', () => {
  const zeros = (...shape: number[]) => np.zeros(shape);
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['a layer of images', () => F.layerNormalization(zeros(1, 2, 3), zeros(2), zeros(2)), ShapeError, '3 dimensions'],
    ['gamma', () => F.layerNormalization(zeros(1, 2), zeros(3), zeros(2)), ShapeError, 'gamma is (3,), expected (2,)'],
    [
      'groups',
      () => F.groupNormalization(zeros(1, 5, 2), 2, zeros(5), zeros(5)),
      ShapeError,
      '5 channels do not divide into 2',
    ],
    ['beta', () => F.groupNormalization(zeros(1, 4, 2), 2, zeros(4), zeros(2)), ShapeError, 'beta is (2,)'],
    ['an axis', () => F.normalize(zeros(2, 2), 1e-5, 2), ShapeError, 'axis 2'],
    ['a window', () => F.localResponseNormalization(zeros(1, 2, 2), { n: 0 }), ValueError, 'n is 0'],
    ['a vector', () => F.localResponseNormalization(zeros(3)), ShapeError, 'x is (3,)'],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
