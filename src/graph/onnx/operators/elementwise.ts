/** ONNX's elementwise operators on arrays. */

import type { BinaryOp, UnaryOp } from '../../../backends/ops.js';
import { isFloating } from '../../../ndarray/dtype.js';
import { astype, binary, unary, where } from '../../../ndarray/elementwise.js';
import { clip } from '../../../ndarray/math.js';
import type { NDArray } from '../../../ndarray/ndarray.js';
import type { OnnxCall, Operator } from '../call.js';

const one =
  (op: UnaryOp): Operator =>
  (call) =>
    unary(op, call.input(0));

const two =
  (op: BinaryOp): Operator =>
  (call) =>
    binary(op, call.input(0), call.input(1));

/** An operator of any number of operands. */
const several =
  (op: BinaryOp): Operator =>
  (call) => {
    call.input(0);
    return call.inputs.reduce((a, b) => binary(op, a, b));
  };

/** Division of integers rounds toward zero, as in C. */
function divide(call: OnnxCall): NDArray {
  const [a, b] = [call.input(0), call.input(1)];
  if (isFloating(a.dtype) || isFloating(b.dtype)) return binary('divide', a, b);
  const quotient = binary('floorDivide', unary('absolute', a), unary('absolute', b));
  return binary('multiply', quotient, binary('multiply', unary('sign', a), unary('sign', b)));
}

/** A cast to a narrow integer keeps the low bits. The result of a float outside int32 is undefined. */
function cast(call: OnnxCall): NDArray {
  const x = call.input(0);
  const { stored, computed } = call.dtype('to', 'float32');
  const [, sign, bits] = /^(u?)int(8|16)$/.exec(stored) ?? [];
  if (!bits || x.dtype === 'bool' || x.dtype === stored) return astype(x, computed);
  const held = isFloating(x.dtype) ? where(binary('less', unary('absolute', x), 2 ** 31), x, 0) : x;
  const lowest = sign ? 0 : 2 ** (Number(bits) - 1);
  const low = binary('mod', binary('add', astype(held, 'int32'), lowest), 2 ** Number(bits));
  return astype(binary('subtract', low, lowest), computed);
}

/** Whether x is infinite; attributes may restrict the sign. */
function isInf(call: OnnxCall): NDArray {
  const x = call.input(0);
  const [negative, positive] = [call.int('detect_negative', 1), call.int('detect_positive', 1)];
  const infinite = unary('isInf', x);
  if (negative && positive) return infinite;
  if (!negative && !positive) return binary('less', x, x);
  return binary('logicalAnd', infinite, binary(positive ? 'greater' : 'less', x, 0));
}

/** A bound of Clip: an input since version 11, an attribute before. */
function bounds(call: OnnxCall): [low: number, high: number] {
  const bound = (place: number, name: string, absent: number) =>
    call.has(place) ? call.numbers(place)[0] : call.float(name, absent);
  return [bound(1, 'min', Number.NEGATIVE_INFINITY), bound(2, 'max', Number.POSITIVE_INFINITY)];
}

export const ELEMENTWISE = {
  Abs: one('absolute'),
  Acos: one('arccos'),
  Add: two('add'),
  And: two('logicalAnd'),
  Asin: one('arcsin'),
  Atan: one('arctan'),
  Cast: cast,
  Ceil: one('ceil'),
  Clip: (call) => {
    const [low, high] = bounds(call);
    const x = call.input(0);
    if (low === Number.NEGATIVE_INFINITY) return high === Number.POSITIVE_INFINITY ? x : binary('minimum', x, high);
    if (high === Number.POSITIVE_INFINITY) return low === 0 ? unary('relu', x) : binary('maximum', x, low);
    return clip(x, low, high);
  },
  Cos: one('cos'),
  Cosh: one('cosh'),
  Div: divide,
  Equal: two('equal'),
  Erf: one('erf'),
  Exp: one('exp'),
  Floor: one('floor'),
  Greater: two('greater'),
  GreaterOrEqual: two('greaterEqual'),
  IsInf: isInf,
  IsNaN: one('isNan'),
  Less: two('less'),
  LessOrEqual: two('lessEqual'),
  Log: one('log'),
  Max: several('maximum'),
  Mean: (call) =>
    binary(
      'divide',
      call.inputs.slice(1).reduce((a, b) => binary('add', a, b), call.input(0)),
      call.inputs.length,
    ),
  Min: several('minimum'),
  Mod: (call) => binary(call.int('fmod', 0) ? 'fmod' : 'mod', call.input(0), call.input(1)),
  Mul: two('multiply'),
  Neg: one('negative'),
  Not: one('logicalNot'),
  Or: two('logicalOr'),
  Pow: (call) => {
    const [x, exponent] = [call.input(0), call.input(1)];
    if (call.varies(1) || exponent.size !== 1 || !isFloating(x.dtype))
      return astype(binary('power', x, exponent), x.dtype);
    const [p] = call.numbers(1);
    return p === 2 ? unary('square', x) : p === 0.5 ? unary('sqrt', x) : binary('power', x, p);
  },
  Reciprocal: one('reciprocal'),
  Round: one('rint'),
  Sign: one('sign'),
  Sin: one('sin'),
  Sinh: one('sinh'),
  Sqrt: one('sqrt'),
  Sub: two('subtract'),
  Sum: several('add'),
  Tan: one('tan'),
  Where: (call) => where(call.input(0), call.input(1), call.input(2)),
  Xor: two('logicalXor'),
} satisfies Record<string, Operator>;
