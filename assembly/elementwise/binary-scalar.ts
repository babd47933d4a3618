/**
 * Functions of two floating rows, one element at a time through float64: all of them for float64, and for float32
 * those that are rarely called. A step of zero bytes makes an operand a scalar.
 */
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';
import {
  Add,
  Arctan2,
  Divide,
  Equal,
  FloorDivide,
  Fmod,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalOr,
  LogicalXor,
  Maximum,
  Minimum,
  Mod,
  Multiply,
  NotEqual,
  Power,
  PowerForFloat32,
  ReluGrad,
  SigmoidGrad,
  Subtract,
  TanhGrad,
} from './binary-scalar-ops';

function map<T, Op>(a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = out + <usize>n * sizeof<T>();
  while (out < end) {
    store<T>(out, <T>op.apply(<f64>load<T>(a), <f64>load<T>(b)));
    a += stepA;
    b += stepB;
    out += sizeof<T>();
  }
}

function mapToBool<T, Op>(a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = out + <usize>n;
  while (out < end) {
    store<u8>(out, <u8>op.test(<f64>load<T>(a), <f64>load<T>(b)));
    a += stepA;
    b += stepB;
    out++;
  }
}

/** out[i] = op(a[i], b[i]) for the functions that have no vectorised loop in T; steps in bytes. */
export function binaryScalar<T>(
  op: BinaryOp,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  out: usize,
  n: i32,
): void {
  switch (op) {
    case BinaryOp.Power:
      if (sizeof<T>() == 4) return map<T, PowerForFloat32>(a, stepA, b, stepB, out, n);
      return map<T, Power>(a, stepA, b, stepB, out, n);
    case BinaryOp.Mod:
      return map<T, Mod>(a, stepA, b, stepB, out, n);
    case BinaryOp.FloorDivide:
      return map<T, FloorDivide>(a, stepA, b, stepB, out, n);
    case BinaryOp.Fmod:
      return map<T, Fmod>(a, stepA, b, stepB, out, n);
    case BinaryOp.Arctan2:
      return map<T, Arctan2>(a, stepA, b, stepB, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n, float64; comparisons store bytes. `out` may be an operand that is no scalar. */
export function binaryF64(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  // A scalar operand may be the memory that `out` overwrites.
  store<f64>(scratch, load<f64>(a));
  store<f64>(scratch, load<f64>(b), 8);
  const stepA: usize = scalars & Scalars.A ? 0 : 8;
  const stepB: usize = scalars & Scalars.B ? 0 : 8;
  if (!stepA) a = scratch;
  if (!stepB) b = scratch + 8;
  switch (op) {
    case BinaryOp.Add:
      return map<f64, Add>(a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map<f64, Subtract>(a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map<f64, Multiply>(a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
      return map<f64, Divide>(a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map<f64, Maximum>(a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map<f64, Minimum>(a, stepA, b, stepB, out, n);
    case BinaryOp.SigmoidGrad:
      return map<f64, SigmoidGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.TanhGrad:
      return map<f64, TanhGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map<f64, ReluGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return mapToBool<f64, Equal>(a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return mapToBool<f64, NotEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return mapToBool<f64, Less>(a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return mapToBool<f64, LessEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return mapToBool<f64, Greater>(a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return mapToBool<f64, GreaterEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return mapToBool<f64, LogicalAnd>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return mapToBool<f64, LogicalOr>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return mapToBool<f64, LogicalXor>(a, stepA, b, stepB, out, n);
    default:
      binaryScalar<f64>(op, a, stepA, b, stepB, out, n);
  }
}
