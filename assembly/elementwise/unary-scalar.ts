/**
 * Functions of one floating array, one element at a time through float64: all of them for float64, and for float32
 * those that are rarely called. A float32 result is therefore rounded once, from a value that is good to 1e-15.
 */
import { UnaryOp } from '../generated/ops';
import {
  Absolute,
  Arccos,
  Arcsin,
  Arctan,
  Ceil,
  Cos,
  Cosh,
  Erf,
  Erfc,
  Exp,
  Exp2,
  Expm1,
  Floor,
  IsInf,
  IsNan,
  Log,
  Log10,
  Log1p,
  Log2,
  LogicalNot,
  Negative,
  Reciprocal,
  Relu,
  Rint,
  Rsqrt,
  Sigmoid,
  Sign,
  Sin,
  Sinh,
  Softplus,
  Sqrt,
  Square,
  Tan,
  Tanh,
  Trunc,
} from './unary-scalar-ops';

/** out[i] = Op(x[i]) for i < n. */
function map<T, Op>(x: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<T>(out, <T>op.apply(<f64>load<T>(x)));
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

/** out[i] = Op(x[i]) as a byte, for i < n. */
function mapToBool<T, Op>(x: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<u8>(out, op.test(<f64>load<T>(x)));
    x += sizeof<T>();
    out += 1;
  }
}

/** out[i] = op(x[i]) for the functions that have no vectorised loop in T. */
export function unaryScalar<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Expm1:
      return map<T, Expm1>(x, out, n);
    case UnaryOp.Log1p:
      return map<T, Log1p>(x, out, n);
    case UnaryOp.Sin:
      return map<T, Sin>(x, out, n);
    case UnaryOp.Cos:
      return map<T, Cos>(x, out, n);
    case UnaryOp.Tan:
      return map<T, Tan>(x, out, n);
    case UnaryOp.Arcsin:
      return map<T, Arcsin>(x, out, n);
    case UnaryOp.Arccos:
      return map<T, Arccos>(x, out, n);
    case UnaryOp.Arctan:
      return map<T, Arctan>(x, out, n);
    case UnaryOp.Sinh:
      return map<T, Sinh>(x, out, n);
    case UnaryOp.Cosh:
      return map<T, Cosh>(x, out, n);
    case UnaryOp.Erf:
      return map<T, Erf>(x, out, n);
    case UnaryOp.Erfc:
      return map<T, Erfc>(x, out, n);
    case UnaryOp.LogicalNot:
      return mapToBool<T, LogicalNot>(x, out, n);
    case UnaryOp.IsNan:
      return mapToBool<T, IsNan>(x, out, n);
    case UnaryOp.IsInf:
      return mapToBool<T, IsInf>(x, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(x[i]), float64. Tests such as `isNan` store bytes. `out` may be `x`. */
export function unaryF64(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Negative:
      return map<f64, Negative>(x, out, n);
    case UnaryOp.Absolute:
      return map<f64, Absolute>(x, out, n);
    case UnaryOp.Sign:
      return map<f64, Sign>(x, out, n);
    case UnaryOp.Square:
      return map<f64, Square>(x, out, n);
    case UnaryOp.Relu:
      return map<f64, Relu>(x, out, n);
    case UnaryOp.Ceil:
      return map<f64, Ceil>(x, out, n);
    case UnaryOp.Floor:
      return map<f64, Floor>(x, out, n);
    case UnaryOp.Rint:
      return map<f64, Rint>(x, out, n);
    case UnaryOp.Trunc:
      return map<f64, Trunc>(x, out, n);
    case UnaryOp.Sqrt:
      return map<f64, Sqrt>(x, out, n);
    case UnaryOp.Rsqrt:
      return map<f64, Rsqrt>(x, out, n);
    case UnaryOp.Reciprocal:
      return map<f64, Reciprocal>(x, out, n);
    case UnaryOp.Exp:
      return map<f64, Exp>(x, out, n);
    case UnaryOp.Exp2:
      return map<f64, Exp2>(x, out, n);
    case UnaryOp.Log:
      return map<f64, Log>(x, out, n);
    case UnaryOp.Log2:
      return map<f64, Log2>(x, out, n);
    case UnaryOp.Log10:
      return map<f64, Log10>(x, out, n);
    case UnaryOp.Tanh:
      return map<f64, Tanh>(x, out, n);
    case UnaryOp.Sigmoid:
      return map<f64, Sigmoid>(x, out, n);
    case UnaryOp.Softplus:
      return map<f64, Softplus>(x, out, n);
    default:
      unaryScalar<f64>(op, x, out, n);
  }
}
