/** Elementwise primitives as ONNX operators. An operation that ONNX lacks is composed of several. */
import type { BinaryOp, UnaryOp } from '../../backends/ops.js';
import type { DType } from '../../backends/primitives.js';
import { GraphError } from '../../errors.js';
import { DATA_TYPES } from '../../formats/onnx/model.js';
import { broadcastShapes } from '../../ndarray/shape.js';
import type { OnnxWriter, Value } from './writer.js';

const isFloating = ({ dtype }: Value): boolean => dtype.startsWith('float');

/** Expressions of ONNX operators. The shape and the element type of a result follow from its operands. */
export class Expressions {
  constructor(readonly writer: OnnxWriter) {}

  /** An operator that broadcasts its operands and keeps their element type. */
  op(op: string, ...operands: Value[]): Value {
    const shape = operands.map((x) => x.shape).reduce((a, b) => broadcastShapes('toOnnx', a, b));
    return this.writer.node(op, operands, { dtype: operands[0].dtype, shape });
  }

  /** An operator that broadcasts its operands and gives bools. */
  test(op: string, ...operands: Value[]): Value {
    const shape = operands.map((x) => x.shape).reduce((a, b) => broadcastShapes('toOnnx', a, b));
    return this.writer.node(op, operands, { dtype: 'bool', shape });
  }

  /** a where `condition` holds, else b. */
  choose(condition: Value, a: Value, b: Value): Value {
    const shape = broadcastShapes('toOnnx', condition.shape, broadcastShapes('toOnnx', a.shape, b.shape));
    return this.writer.node('Where', [condition, a, b], { dtype: a.dtype, shape });
  }

  /** A number of the element type of `like`. */
  number(value: number, like: Value): Value {
    return this.writer.scalar(value, like.dtype as DType);
  }

  cast(x: Value, dtype: DType): Value {
    return this.writer.cast(x, dtype, DATA_TYPES[dtype]);
  }
}

type Unary = string | ((e: Expressions, x: Value) => Value);

const UNARY = {
  negative: 'Neg',
  absolute: 'Abs',
  sign: 'Sign',
  square: (e, x) => e.op('Mul', x, x),
  relu: 'Relu',
  ceil: 'Ceil',
  floor: 'Floor',
  rint: 'Round',
  trunc: (e, x) => e.op('Mul', e.op('Sign', x), e.op('Floor', e.op('Abs', x))),
  sqrt: 'Sqrt',
  rsqrt: (e, x) => e.op('Reciprocal', e.op('Sqrt', x)),
  reciprocal: 'Reciprocal',
  exp: 'Exp',
  exp2: (e, x) => e.op('Pow', e.number(2, x), x),
  // eˣ − 1 = tanh(x/2)·(eˣ + 1) does not cancel near 0.
  expm1: (e, x) =>
    e.op('Mul', e.op('Tanh', e.op('Mul', x, e.number(0.5, x))), e.op('Add', e.op('Exp', x), e.number(1, x))),
  log: 'Log',
  log2: (e, x) => e.op('Mul', e.op('Log', x), e.number(Math.LOG2E, x)),
  log10: (e, x) => e.op('Mul', e.op('Log', x), e.number(Math.LOG10E, x)),
  // Kahan: log(u)·x/(u − 1) with u = 1 + x cancels the rounding of u.
  log1p: (e, x) => {
    const one = e.number(1, x);
    const u = e.op('Add', x, one);
    const kahan = e.op('Mul', e.op('Log', u), e.op('Div', x, e.op('Sub', u, one)));
    return e.choose(e.test('Equal', u, one), x, kahan);
  },
  sin: 'Sin',
  cos: 'Cos',
  tan: 'Tan',
  arcsin: 'Asin',
  arccos: 'Acos',
  arctan: 'Atan',
  sinh: 'Sinh',
  cosh: 'Cosh',
  tanh: 'Tanh',
  erf: 'Erf',
  erfc: (e, x) => e.op('Sub', e.number(1, x), e.op('Erf', x)),
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  logicalNot: (e, x) => e.test('Not', e.cast(x, 'bool')),
  isNan: (e, x) => e.test('IsNaN', x),
  isInf: (e, x) => e.test('IsInf', x),
} satisfies Record<UnaryOp, Unary>;

/** The value of a unary primitive. */
export function unary(e: Expressions, op: UnaryOp, x: Value): Value {
  const how: Unary = UNARY[op];
  return typeof how === 'string' ? e.op(how, x) : how(e, x);
}

type Binary = (e: Expressions, a: Value, b: Value) => Value;

const same =
  (op: string): Binary =>
  (e, a, b) =>
    e.op(op, a, b);
const test =
  (op: string): Binary =>
  (e, a, b) =>
    e.test(op, a, b);
const logical =
  (op: string): Binary =>
  (e, a, b) =>
    e.test(op, e.cast(a, 'bool'), e.cast(b, 'bool'));

/** The quotient rounded down. float64 holds every int32, so the floor of an int32 quotient is exact. */
const floorDivide: Binary = (e, a, b) => {
  if (isFloating(a)) return e.op('Floor', e.op('Div', a, b));
  const quotient = e.op('Floor', e.op('Div', e.cast(a, 'float64'), e.cast(b, 'float64')));
  return e.cast(quotient, a.dtype as DType);
};

const BINARY = {
  add: same('Add'),
  subtract: same('Sub'),
  multiply: same('Mul'),
  divide: (e, a, b) => (isFloating(a) ? e.op('Div', a, b) : floorDivide(e, a, b)),
  power: same('Pow'),
  maximum: same('Max'),
  minimum: same('Min'),
  mod: (e, a, b) => (isFloating(a) ? e.op('Sub', a, e.op('Mul', floorDivide(e, a, b), b)) : e.op('Mod', a, b)),
  fmod: (e, a, b) => {
    const shape = broadcastShapes('toOnnx', a.shape, b.shape);
    return e.writer.node('Mod', [a, b], { dtype: a.dtype, shape }, { ints: { fmod: 1 } });
  },
  floorDivide,
  arctan2: null,
  sigmoidGrad: (e, y, g) => e.op('Mul', e.op('Mul', g, y), e.op('Sub', e.number(1, y), y)),
  tanhGrad: (e, y, g) => e.op('Mul', g, e.op('Sub', e.number(1, y), e.op('Mul', y, y))),
  reluGrad: (e, y, g) => e.choose(e.test('Greater', y, e.number(0, y)), g, e.number(0, g)),
  equal: test('Equal'),
  notEqual: (e, a, b) => e.test('Not', e.test('Equal', a, b)),
  less: test('Less'),
  lessEqual: test('LessOrEqual'),
  greater: test('Greater'),
  greaterEqual: test('GreaterOrEqual'),
  logicalAnd: logical('And'),
  logicalOr: logical('Or'),
  logicalXor: logical('Xor'),
} satisfies Record<BinaryOp, Binary | null>;

/** The value of a binary primitive. @throws GraphError if ONNX cannot compute it. */
export function binary(e: Expressions, op: BinaryOp, a: Value, b: Value): Value {
  const how: Binary | null = BINARY[op];
  if (!how) throw new GraphError(`toOnnx: ONNX has no operator for '${op}'`);
  return how(e, a, b);
}
