/** The elementwise primitives, one element at a time, in float64. */
import type { BinaryOp, UnaryOp, UpdateRuleName } from '../../../src/backends/ops.js';
import type { DType } from '../../../src/backends/primitives.js';
import { at, build, type HostArray } from '../host-array.js';
import { erf, erfc, floorQuotient, mod, pow, rint } from './special-functions.js';

const truth = (value: boolean) => (value ? 1 : 0);

const UNARY = {
  negative: (x) => -x,
  absolute: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  relu: (x) => (x < 0 ? 0 : x),
  ceil: Math.ceil,
  floor: Math.floor,
  rint,
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  erf,
  erfc,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  logicalNot: (x) => truth(x === 0),
  isNan: (x) => truth(Number.isNaN(x)),
  isInf: (x) => truth(Math.abs(x) === Number.POSITIVE_INFINITY),
} satisfies Record<UnaryOp, (x: number) => number>;

const BINARY = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: pow,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  mod,
  fmod: (a, b) => a % b,
  floorDivide: floorQuotient,
  arctan2: Math.atan2,
  sigmoidGrad: (y, g) => g * y * (1 - y),
  tanhGrad: (y, g) => g * (1 - y * y),
  reluGrad: (y, g) => (y > 0 ? g : 0),
  equal: (a, b) => truth(a === b),
  notEqual: (a, b) => truth(a !== b),
  less: (a, b) => truth(a < b),
  lessEqual: (a, b) => truth(a <= b),
  greater: (a, b) => truth(a > b),
  greaterEqual: (a, b) => truth(a >= b),
  logicalAnd: (a, b) => truth(a !== 0 && b !== 0),
  logicalOr: (a, b) => truth(a !== 0 || b !== 0),
  logicalXor: (a, b) => truth((a !== 0) !== (b !== 0)),
} satisfies Record<BinaryOp, (a: number, b: number) => number>;

/**
 * Operations of int32 whose exact result float64 cannot hold before it wraps, or that mean something else for
 * integers.
 */
const INTEGER: Partial<Record<BinaryOp | UnaryOp, (a: number, b: number) => number>> = {
  square: (a) => Math.imul(a, a),
  multiply: Math.imul,
  divide: (a, b) => Math.floor(a / b),
};

/** The operations of two arrays whose result is a bool. */
export const COMPARISONS = [
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
] as const satisfies readonly BinaryOp[];

const TO_BOOL: readonly string[] = [...COMPARISONS, 'logicalNot', 'isNan', 'isInf'];

/** The dtype of an operation's result. */
const resultDType = (op: UnaryOp | BinaryOp, dtype: DType): DType => (TO_BOOL.includes(op) ? 'bool' : dtype);

const functionFor = <Op extends UnaryOp | BinaryOp>(
  table: Readonly<Record<Op, (a: number, b: number) => number>>,
  op: Op,
  dtype: DType,
) => (dtype === 'int32' || dtype === 'uint8' ? INTEGER[op] : undefined) ?? table[op];

/** op(x), stored in the dtype that the operation gives. */
export function unary(op: UnaryOp, x: HostArray): HostArray {
  const apply = functionFor<UnaryOp>(UNARY, op, x.dtype);
  return build(x.shape, resultDType(op, x.dtype), (index) => apply(at(x, index), 0));
}

/** The shape that shapes broadcast to: aligned at the right, where 1 stretches. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const padded = shapes.map((shape) => [...Array(rank - shape.length).fill(1), ...shape]);
  return Array.from({ length: rank }, (_, axis) => {
    const stretched = padded.map((shape) => shape[axis]).find((size) => size !== 1);
    return stretched ?? 1;
  });
}

/** The element of `x` that broadcasting shows at `index`; a number is the same everywhere. */
function broadcastAt(x: HostArray | number, index: readonly number[]): number {
  if (typeof x === 'number') return x;
  const last = index.slice(index.length - x.shape.length);
  return at(
    x,
    last.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );
}

const shapeOf = (x: HostArray | number) => (typeof x === 'number' ? [] : x.shape);

/** op(a, b) with broadcasting; one operand may be a number of the other's dtype. */
export function binary(op: BinaryOp, a: HostArray | number, b: HostArray | number): HostArray {
  const { dtype } = (typeof a === 'number' ? b : a) as HostArray;
  const apply = functionFor<BinaryOp>(BINARY, op, dtype);
  return build(broadcastShape(shapeOf(a), shapeOf(b)), resultDType(op, dtype), (index) =>
    apply(broadcastAt(a, index), broadcastAt(b, index)),
  );
}

/** condition ? a : b with broadcasting. */
export function where(condition: HostArray, a: HostArray | number, b: HostArray | number, dtype: DType): HostArray {
  return build(broadcastShape(condition.shape, shapeOf(a), shapeOf(b)), dtype, (index) =>
    broadcastAt(condition, index) ? broadcastAt(a, index) : broadcastAt(b, index),
  );
}

/** The elements in another dtype: floats are cut toward zero on the way to whole numbers. */
export function cast(x: HostArray, dtype: DType): HostArray {
  return build(x.shape, dtype, (index) => at(x, index));
}

interface Learning {
  readonly param: number;
  readonly states: readonly number[];
}

const adamMoments = (m: number, v: number, g: number, [, oneMinusBeta1, oneMinusBeta2]: readonly number[]) => [
  m + oneMinusBeta1 * (g - m),
  v + oneMinusBeta2 * (g * g - v),
];

const adamStep = (p: number, m: number, v: number, [alphaT, , , eps, eta, decay, lower, upper]: readonly number[]) =>
  p - eta * (Math.min(upper, Math.max(lower, alphaT / (Math.sqrt(v) + eps))) * m + decay * p);

const UPDATES = {
  sgd: ({ param }, g, [lr]) => ({ param: param - lr * g, states: [] }),
  momentumSgd: ({ param, states: [v] }, g, [lr, momentum]) => {
    const velocity = momentum * v - lr * g;
    return { param: param + velocity, states: [velocity] };
  },
  correctedMomentumSgd: ({ param, states: [v] }, g, [lr, momentum]) => {
    const velocity = momentum * v - g;
    return { param: param + lr * velocity, states: [velocity] };
  },
  nesterovAg: ({ param, states: [v] }, g, [lr, momentum]) => {
    const velocity = momentum * v - lr * g;
    return { param: param + momentum ** 2 * velocity - (1 + momentum) * lr * g, states: [velocity] };
  },
  adaGrad: ({ param, states: [h] }, g, [lr, eps]) => {
    const sum = h + g * g;
    return { param: param - (lr * g) / (Math.sqrt(sum) + eps), states: [sum] };
  },
  adaDelta: ({ param, states: [msg, msdx] }, g, [rho, eps]) => {
    const squares = rho * msg + (1 - rho) * g * g;
    const dx = Math.sqrt((msdx + eps) / (squares + eps)) * g;
    return { param: param - dx, states: [squares, rho * msdx + (1 - rho) * dx * dx] };
  },
  rmsProp: ({ param, states: [ms] }, g, [lr, alpha, epsInside, epsOutside]) => {
    const squares = alpha * ms + (1 - alpha) * g * g;
    return { param: param - (lr * g) / (Math.sqrt(squares + epsInside) + epsOutside), states: [squares] };
  },
  rmsPropGraves: ({ param, states: [n, mean, delta] }, g, [lr, alpha, momentum, eps]) => {
    const n2 = alpha * n + (1 - alpha) * g * g;
    const mean2 = alpha * mean + (1 - alpha) * g;
    const delta2 = momentum * delta - (lr * g) / Math.sqrt(n2 - mean2 * mean2 + eps);
    return { param: param + delta2, states: [n2, mean2, delta2] };
  },
  smorms3: ({ param, states: [mem, g1, g2] }, g, [lr, eps]) => {
    const r = 1 / (mem + 1);
    const first = (1 - r) * g1 + r * g;
    const second = (1 - r) * g2 + r * g * g;
    const x = (first * first) / (second + eps);
    const step = (g * Math.min(lr, x)) / (Math.sqrt(second) + eps);
    return { param: param - step, states: [1 + mem * (1 - x), first, second] };
  },
  adam: ({ param, states: [m, v] }, g, numbers) => {
    const [mean, variance] = adamMoments(m, v, g, numbers);
    return { param: adamStep(param, mean, variance, numbers), states: [mean, variance] };
  },
  amsGrad: ({ param, states: [m, v, vhat] }, g, numbers) => {
    const [mean, variance] = adamMoments(m, v, g, numbers);
    const largest = Math.max(vhat, variance);
    return { param: adamStep(param, mean, largest, numbers), states: [mean, variance, largest] };
  },
  msvag: ({ param, states: [m, v] }, g, [lr, oneMinusBeta, oneMinusBetaT, rho, eta, weightDecayRate]) => {
    const mean = m + oneMinusBeta * (g - m);
    const square = v + oneMinusBeta * (g * g - v);
    const mt = mean / oneMinusBetaT;
    const s = (square / oneMinusBetaT - mt * mt) / (1 - rho);
    const factor = Math.min(1, Math.max(0, (mt * mt) / (mt * mt + rho * s)));
    const step = lr * (Number.isNaN(factor) ? 0 : factor) * mt + weightDecayRate * param;
    return { param: param - eta * step, states: [mean, square] };
  },
} satisfies Record<UpdateRuleName, (at: Learning, gradient: number, hyperparameters: readonly number[]) => Learning>;

/** The parameter and its states after one update. */
export function update(
  rule: UpdateRuleName,
  param: HostArray,
  grad: HostArray,
  states: readonly HostArray[],
  hyperparameters: readonly number[],
): { param: HostArray; states: HostArray[] } {
  const after = (index: readonly number[]) => {
    const before = { param: at(param, index), states: states.map((state) => at(state, index)) };
    return UPDATES[rule](before, at(grad, index), hyperparameters);
  };
  return {
    param: build(param.shape, param.dtype, (index) => after(index).param),
    states: states.map((state, k) => build(state.shape, state.dtype, (index) => after(index).states[k])),
  };
}
