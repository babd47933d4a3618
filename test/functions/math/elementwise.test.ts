/** Mathematical functions of each element by itself. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, grad, np, ShapeError, ValueError, Variable } from '../../../src/index.js';
import { type CaseInput, checkFunction } from '../../support/function-harness.js';
import { ofBroadcast, ofEach } from '../../support/oracle/element-functions.js';
import { erf, erfc } from '../../support/oracle/special-functions.js';

type Unary = (x: Variable) => Variable;

/** Inputs are drawn from an interval where the function is smooth. */
const SMOOTH: [name: string, fn: Unary, oracle: (x: number) => number, low: number, high: number][] = [
  ['absolute', F.absolute, Math.abs, -2, -0.1],
  ['neg', F.neg, (x) => -x, -2, 2],
  ['square', F.square, (x) => x * x, -2, 2],
  ['sqrt', F.sqrt, Math.sqrt, 0.5, 3],
  ['rsqrt', F.rsqrt, (x) => 1 / Math.sqrt(x), 0.5, 3],
  ['exp', F.exp, Math.exp, -2, 2],
  ['exp2', F.exp2, (x) => 2 ** x, -2, 2],
  ['expm1', F.expm1, Math.expm1, -2, 2],
  ['log', F.log, Math.log, 0.5, 3],
  ['log2', F.log2, Math.log2, 0.5, 3],
  ['log10', F.log10, Math.log10, 0.5, 3],
  ['log1p', F.log1p, Math.log1p, -0.5, 3],
  ['sin', F.sin, Math.sin, -3, 3],
  ['cos', F.cos, Math.cos, -3, 3],
  ['tan', F.tan, Math.tan, -1, 1],
  ['arcsin', F.arcsin, Math.asin, -0.9, 0.9],
  ['arccos', F.arccos, Math.acos, -0.9, 0.9],
  ['arctan', F.arctan, Math.atan, -3, 3],
  ['sinh', F.sinh, Math.sinh, -2, 2],
  ['cosh', F.cosh, Math.cosh, -2, 2],
  ['tanh', F.tanh, Math.tanh, -2, 2],
  ['arctanh', F.arctanh, Math.atanh, -0.9, 0.9],
  ['erf', F.erf, erf, -2, 2],
  ['erfc', F.erfc, erfc, -2, 2],
  ['clip', (x) => F.clip(x, -0.5, 0.75), (x) => Math.min(Math.max(x, -0.5), 0.75), -2, 2],
  ['clip from below', (x) => F.clip(x, 0.5, null), (x) => Math.max(x, 0.5), -2, 2],
  ['clip from above', (x) => F.clip(x, null, 0.5), (x) => Math.min(x, 0.5), -2, 2],
  ['identity', (x) => F.identity(x), (x) => x, -2, 2],
];

for (const [name, fn, oracle, low, high] of SMOOTH) {
  for (const shape of [[2, 3], [], [0]]) {
    checkFunction({
      name: `${name} of (${shape})`,
      fn,
      inputs: [{ shape, uniform: [low, high] }],
      forward: ofEach(oracle),
    });
  }
}

const STEPS = [-2.5, -2, -0.5, 0, 0.5, 1.5, 3];

describe.each<[name: string, fn: Unary, oracle: (x: number) => number]>([
  ['sign', F.sign, Math.sign],
  ['floor', F.floor, Math.floor],
  ['ceil', F.ceil, Math.ceil],
  ['fix', F.fix, Math.trunc],
  ['floordiv by 0.7', (x) => F.floordiv(x, 0.7), (x) => Math.floor(x / 0.7)],
])('%s', (name, fn, oracle) => {
  const inputs: CaseInput[] = [{ shape: [STEPS.length], values: STEPS }];
  checkFunction({ name, fn, inputs, forward: ofEach(oracle), backward: false });

  it('lets no gradient flow', () => {
    const x = new Variable(np.array(STEPS));
    expect(grad([F.sum(fn(x))], [x])).toEqual([null]);
  });
});

/** Operands drawn where the function is smooth. */
const BINARY: [name: string, fn: (a: Variable, b: Variable) => Variable, oracle: (a: number, b: number) => number][] = [
  ['add', F.add, (a, b) => a + b],
  ['sub', F.sub, (a, b) => a - b],
  ['mul', F.mul, (a, b) => a * b],
  ['div', F.div, (a, b) => a / b],
  ['pow', F.pow, (a, b) => a ** b],
  ['arctan2', F.arctan2, Math.atan2],
  ['fmod', F.fmod, (a, b) => a % b],
  ['maximum', F.maximum, Math.max],
  ['minimum', F.minimum, Math.min],
];

for (const [name, fn, oracle] of BINARY) {
  for (const [a, b] of [
    [
      [2, 3],
      [2, 3],
    ],
    [[3, 1], [4]],
    [[], [2]],
    [
      [0, 2],
      [1, 2],
    ],
  ]) {
    checkFunction({
      name: `${name} of (${a}) and (${b})`,
      fn,
      inputs: [
        { shape: a, uniform: [1.1, 1.9] },
        { shape: b, uniform: [0.6, 1.5] },
      ],
      forward: ofBroadcast(oracle),
    });
  }
}

/** One operand a number, on either side. */
const WITH_NUMBERS: [name: string, fn: Unary, oracle: (x: number) => number][] = [
  ['x + 2.5', (x) => F.add(x, 2.5), (x) => x + 2.5],
  ['2.5 + x', (x) => F.add(2.5, x), (x) => 2.5 + x],
  ['x − 2.5', (x) => F.sub(x, 2.5), (x) => x - 2.5],
  ['2.5 − x', (x) => F.sub(2.5, x), (x) => 2.5 - x],
  ['x·2.5', (x) => F.mul(x, 2.5), (x) => x * 2.5],
  ['2.5·x', (x) => F.mul(2.5, x), (x) => 2.5 * x],
  ['x / 2.5', (x) => F.div(x, 2.5), (x) => x / 2.5],
  ['2.5 / x', (x) => F.div(2.5, x), (x) => 2.5 / x],
  ['x to the power 2.5', (x) => F.pow(x, 2.5), (x) => x ** 2.5],
  ['x to the power 0', (x) => F.pow(x, 0), () => 1],
  ['x to the power 1', (x) => F.pow(x, 1), (x) => x],
  ['2.5 to the power x', (x) => F.pow(2.5, x), (x) => 2.5 ** x],
  ['max(x, 1)', (x) => F.maximum(x, 1), (x) => Math.max(x, 1)],
  ['min(1, x)', (x) => F.minimum(1, x), (x) => Math.min(1, x)],
  ['x + x + 1', (x) => F.add(x, x, 1), (x) => 2 * x + 1],
];

for (const [name, fn, oracle] of WITH_NUMBERS) {
  checkFunction({ name, fn, inputs: [{ shape: [2, 3], uniform: [0.5, 2] }], forward: ofEach(oracle) });
}

checkFunction({
  name: 'linearInterpolate',
  fn: F.linearInterpolate,
  inputs: [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  forward: ofBroadcast((p, x, y) => p * x + (1 - p) * y),
});

describe('ties and bounds', () => {
  const gradients = (y: Variable, ...xs: Variable[]) => grad([F.sum(y)], xs).map((g) => g?.tolist());

  it('gives x1 the gradient where x1 and x2 are equal', () => {
    for (const fn of [F.maximum, F.minimum]) {
      const [x1, x2] = [new Variable(np.ones(2)), new Variable(np.ones(2))];
      expect(gradients(fn(x1, x2), x1, x2)).toEqual([
        [1, 1],
        [0, 0],
      ]);
    }
  });

  it('passes the gradient at the bounds of clip', () => {
    const x = new Variable(np.array([-2, -1, 0, 1, 2]));
    expect(gradients(F.clip(x, -1, 1), x)).toEqual([[0, 1, 1, 1, 0]]);
  });

  it('gives |x| the slope 0 at 0', () => {
    const x = new Variable(np.array([-2, 0, 2]));
    expect(gradients(F.absolute(x), x)).toEqual([[-1, 0, 1]]);
  });

  it('has slope 0 for x⁰ at 0', () => {
    const x = new Variable(np.zeros(1));
    expect(gradients(F.pow(x, 0), x)).toEqual([[0]]);
  });
});

describe('operands that are refused', () => {
  const [f32, f64] = [np.ones(2), np.ones(2, 'float64')];

  it('operands of two dtypes', () => {
    for (const fn of [F.add, F.sub, F.mul, F.div, F.pow, F.maximum, F.minimum, F.fmod, F.arctan2]) {
      expect(() => fn(f32, f64)).toThrow(DTypeError);
    }
    expect(() => F.linearInterpolate(f32, f32, f64)).toThrow(DTypeError);
  });

  it('shapes that do not broadcast', () => {
    for (const fn of [F.add, F.sub, F.mul, F.div, F.pow, F.maximum, F.minimum, F.fmod, F.arctan2]) {
      expect(() => fn(f32, np.ones(3))).toThrow(ShapeError);
    }
    expect(() => F.linearInterpolate(f32, f32, np.ones(1))).toThrow(ShapeError);
  });

  it('no operands', () => {
    expect(() => F.add()).toThrow(ValueError);
    expect(() => F.identity(...[])).toThrow(ValueError);
  });

  it('integers where a derivative is meant', () => {
    const integers = np.array([1, 2], 'int32');
    for (const fn of [F.exp, F.log, F.sin, F.absolute, F.sqrt, F.erf]) expect(() => fn(integers)).toThrow(DTypeError);
  });

  it('bounds of clip that leave nothing between them, or everything', () => {
    expect(() => F.clip(f32, 1, 1)).toThrow(ValueError);
    expect(() => F.clip(f32, null, null)).toThrow(ValueError);
  });
});

it('identity of several gives all of them', () => {
  const [a, b] = F.identity(np.array([1]), np.array([2]));
  expect([a.tolist(), b.tolist()]).toEqual([[1], [2]]);
});
