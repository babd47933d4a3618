/** Activations of each element by itself. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, ValueError, Variable } from '../../../src/index.js';
import { checkFunction } from '../../support/function-harness.js';
import { ofEach } from '../../support/oracle/element-functions.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const elu = (x: number, alpha = 1) => (x > 0 ? x : alpha * (Math.exp(x) - 1));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

const CASES: [name: string, fn: (x: Variable) => Variable, oracle: (x: number) => number][] = [
  ['relu', F.relu, (x) => Math.max(x, 0)],
  ['relu6', (x) => F.relu6(x.mul(6)), (x) => clamp(6 * x, 0, 6)],
  ['clippedRelu', (x) => F.clippedRelu(x.mul(20)), (x) => clamp(20 * x, 0, 20)],
  ['clippedRelu, z 0.5', (x) => F.clippedRelu(x, 0.5), (x) => clamp(x, 0, 0.5)],
  ['leakyRelu', (x) => F.leakyRelu(x), (x) => (x > 0 ? x : 0.2 * x)],
  ['leakyRelu, a negative slope', (x) => F.leakyRelu(x, -0.3), (x) => (x > 0 ? x : -0.3 * x)],
  ['elu', (x) => F.elu(x), (x) => elu(x)],
  ['elu, a negative alpha', (x) => F.elu(x, -0.7), (x) => elu(x, -0.7)],
  ['selu', (x) => F.selu(x), (x) => 1.0507009873554805 * elu(x, 1.6732632423543772)],
  ['selu, other constants', (x) => F.selu(x, 1.2, 0.9), (x) => 0.9 * elu(x, 1.2)],
  ['hardSigmoid', (x) => F.hardSigmoid(x.mul(2)), (x) => clamp(0.4 * x + 0.5, 0, 1)],
  ['sigmoid', F.sigmoid, sigmoid],
  ['tanh', F.tanh, Math.tanh],
  ['softplus', (x) => F.softplus(x), (x) => Math.log1p(Math.exp(x))],
  ['softplus, beta 3', (x) => F.softplus(x, 3), (x) => Math.log1p(Math.exp(3 * x)) / 3],
];

for (const [name, fn, oracle] of CASES) {
  for (const shape of [[3, 5], [], [0, 4]]) {
    checkFunction({ name: `${name} of (${shape})`, fn, inputs: [shape], forward: ofEach(oracle) });
  }
}

describe('where pieces of a definition meet', () => {
  it.each<[name: string, fn: (x: Variable) => Variable, x: number[], y: number[], slopes: number[]]>([
    ['relu', F.relu, [-1, 0, 1], [0, 0, 1], [0, 0, 1]],
    ['relu6', F.relu6, [0, 3, 6, 7], [0, 3, 6, 6], [0, 1, 0, 0]],
    ['leakyRelu', (x) => F.leakyRelu(x, 0.5), [-2, 0, 2], [-1, 0, 2], [0.5, 0.5, 1]],
    ['elu', (x) => F.elu(x, 2), [0, 1], [0, 1], [2, 1]],
    ['hardSigmoid', F.hardSigmoid, [-3, -2.5, 0, 2.5, 3], [0, 0, 0.5, 1, 1], [0, 0, 0.2, 0, 0]],
  ])('%s takes the gradient that Chainer takes', (_, fn, values, want, slopes) => {
    const x = new Variable(np.array(values, 'float64'));
    const y = fn(x);
    expect(y.tolist()).toEqual(want);
    const [gx] = grad([y], [x], { gradOutputs: [new Variable(np.onesLike(y.array))] });
    expect(gx?.tolist()).toEqual(slopes);
  });

  it('stays finite far out', () => {
    const x = new Variable(np.array([-1e4, -200, 200, 1e4]));
    for (const fn of [F.softplus, F.elu, F.selu, F.sigmoid, F.hardSigmoid]) {
      const y = fn(x);
      F.sum(y).backward();
      expect(y.dataSync().every(Number.isFinite)).toBe(true);
      expect(x.grad?.dataSync().every(Number.isFinite)).toBe(true);
      x.cleargrad();
    }
  });
});

it('refuses integers, and caps that are not positive', () => {
  const integers = np.array([1, 2], 'int32');
  for (const fn of [F.relu, F.relu6, F.leakyRelu, F.elu, F.hardSigmoid, F.sigmoid, F.tanh, F.softplus]) {
    expect(() => fn(integers)).toThrow(DTypeError);
  }
  expect(() => F.clippedRelu(np.ones(2), 0)).toThrow(ValueError);
});
