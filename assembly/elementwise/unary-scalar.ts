/**
 * Functions of one floating array, one element at a time, in float64: all functions of float64 arrays, and of float32 arrays those
 * that are seldom called. A float32 result is a float64 that is good to 1e-15, rounded once.
 */
import { UnaryOp } from '../generated/ops';
import { erf, erfc } from '../math/erf';
import {
  acos,
  asin,
  atan,
  cos,
  cosh,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  pow,
  sin,
  sinh,
  tan,
  tanh,
} from '../math/host';
import { sigmoid64 } from '../math/sigmoid';

/** log(1 + eˣ) without overflow. */
function softplus(x: f64): f64 {
  return (x > 0 ? x : 0) + log1p(exp(-abs(x)));
}

/** op(x) of a function whose result is a number. Every call has a literal `op`, so one branch of the switch is compiled. */
// @ts-ignore: decorator
@inline
function valueOf(op: UnaryOp, x: f64): f64 {
  switch (op) {
    case UnaryOp.Negative:
      return -x;
    case UnaryOp.Absolute:
      return abs(x);
    case UnaryOp.Sign:
      return x > 0 ? 1 : x < 0 ? -1 : x;
    case UnaryOp.Square:
      return x * x;
    case UnaryOp.Relu:
      return x < 0 ? 0 : x;
    case UnaryOp.Ceil:
      return ceil(x);
    case UnaryOp.Floor:
      return floor(x);
    case UnaryOp.Rint:
      return nearest(x);
    case UnaryOp.Trunc:
      return trunc(x);
    case UnaryOp.Sqrt:
      return sqrt(x);
    case UnaryOp.Rsqrt:
      return 1 / sqrt(x);
    case UnaryOp.Reciprocal:
      return 1 / x;
    case UnaryOp.Exp:
      return exp(x);
    case UnaryOp.Exp2:
      return pow(2, x);
    case UnaryOp.Expm1:
      return expm1(x);
    case UnaryOp.Log:
      return log(x);
    case UnaryOp.Log2:
      return log2(x);
    case UnaryOp.Log10:
      return log10(x);
    case UnaryOp.Log1p:
      return log1p(x);
    case UnaryOp.Sin:
      return sin(x);
    case UnaryOp.Cos:
      return cos(x);
    case UnaryOp.Tan:
      return tan(x);
    case UnaryOp.Arcsin:
      return asin(x);
    case UnaryOp.Arccos:
      return acos(x);
    case UnaryOp.Arctan:
      return atan(x);
    case UnaryOp.Sinh:
      return sinh(x);
    case UnaryOp.Cosh:
      return cosh(x);
    case UnaryOp.Tanh:
      return tanh(x);
    case UnaryOp.Erf:
      return erf(x);
    case UnaryOp.Erfc:
      return erfc(x);
    case UnaryOp.Sigmoid:
      return sigmoid64(x);
    case UnaryOp.Softplus:
      return softplus(x);
    default:
      return unreachable();
  }
}

/** out[i] = op(x[i]) for i < n; `op` is a literal at every call. */
// @ts-ignore: decorator
@inline
function map<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<T>(out, <T>valueOf(op, <f64>load<T>(x)));
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

/** op(x) of a function whose result is a truth value; `op` is a literal at every call. */
// @ts-ignore: decorator
@inline
function truthOf(op: UnaryOp, x: f64): bool {
  switch (op) {
    case UnaryOp.LogicalNot:
      return x == 0;
    case UnaryOp.IsNan:
      return x != x;
    case UnaryOp.IsInf:
      return abs(x) == Infinity;
    default:
      return unreachable();
  }
}

/** out[i] = op(x[i]) as a byte, for i < n; `op` is a literal at every call. */
// @ts-ignore: decorator
@inline
function mapToBool<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<u8>(out, <u8>truthOf(op, <f64>load<T>(x)));
    x += sizeof<T>();
    out++;
  }
}

/** out[i] = op(x[i]) of a function that has no vector loop in T. */
export function unaryScalar<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Expm1:
      return map<T>(UnaryOp.Expm1, x, out, n);
    case UnaryOp.Log1p:
      return map<T>(UnaryOp.Log1p, x, out, n);
    case UnaryOp.Sin:
      return map<T>(UnaryOp.Sin, x, out, n);
    case UnaryOp.Cos:
      return map<T>(UnaryOp.Cos, x, out, n);
    case UnaryOp.Tan:
      return map<T>(UnaryOp.Tan, x, out, n);
    case UnaryOp.Arcsin:
      return map<T>(UnaryOp.Arcsin, x, out, n);
    case UnaryOp.Arccos:
      return map<T>(UnaryOp.Arccos, x, out, n);
    case UnaryOp.Arctan:
      return map<T>(UnaryOp.Arctan, x, out, n);
    case UnaryOp.Sinh:
      return map<T>(UnaryOp.Sinh, x, out, n);
    case UnaryOp.Cosh:
      return map<T>(UnaryOp.Cosh, x, out, n);
    case UnaryOp.Erf:
      return map<T>(UnaryOp.Erf, x, out, n);
    case UnaryOp.Erfc:
      return map<T>(UnaryOp.Erfc, x, out, n);
    case UnaryOp.LogicalNot:
      return mapToBool<T>(UnaryOp.LogicalNot, x, out, n);
    case UnaryOp.IsNan:
      return mapToBool<T>(UnaryOp.IsNan, x, out, n);
    case UnaryOp.IsInf:
      return mapToBool<T>(UnaryOp.IsInf, x, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(x[i]), float64. Tests such as `isNan` store bytes. `out` may be `x`. */
export function unaryF64(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Negative:
      return map<f64>(UnaryOp.Negative, x, out, n);
    case UnaryOp.Absolute:
      return map<f64>(UnaryOp.Absolute, x, out, n);
    case UnaryOp.Sign:
      return map<f64>(UnaryOp.Sign, x, out, n);
    case UnaryOp.Square:
      return map<f64>(UnaryOp.Square, x, out, n);
    case UnaryOp.Relu:
      return map<f64>(UnaryOp.Relu, x, out, n);
    case UnaryOp.Ceil:
      return map<f64>(UnaryOp.Ceil, x, out, n);
    case UnaryOp.Floor:
      return map<f64>(UnaryOp.Floor, x, out, n);
    case UnaryOp.Rint:
      return map<f64>(UnaryOp.Rint, x, out, n);
    case UnaryOp.Trunc:
      return map<f64>(UnaryOp.Trunc, x, out, n);
    case UnaryOp.Sqrt:
      return map<f64>(UnaryOp.Sqrt, x, out, n);
    case UnaryOp.Rsqrt:
      return map<f64>(UnaryOp.Rsqrt, x, out, n);
    case UnaryOp.Reciprocal:
      return map<f64>(UnaryOp.Reciprocal, x, out, n);
    case UnaryOp.Exp:
      return map<f64>(UnaryOp.Exp, x, out, n);
    case UnaryOp.Exp2:
      return map<f64>(UnaryOp.Exp2, x, out, n);
    case UnaryOp.Log:
      return map<f64>(UnaryOp.Log, x, out, n);
    case UnaryOp.Log2:
      return map<f64>(UnaryOp.Log2, x, out, n);
    case UnaryOp.Log10:
      return map<f64>(UnaryOp.Log10, x, out, n);
    case UnaryOp.Tanh:
      return map<f64>(UnaryOp.Tanh, x, out, n);
    case UnaryOp.Sigmoid:
      return map<f64>(UnaryOp.Sigmoid, x, out, n);
    case UnaryOp.Softplus:
      return map<f64>(UnaryOp.Softplus, x, out, n);
    default:
      unaryScalar<f64>(op, x, out, n);
  }
}
