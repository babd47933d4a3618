/**
 * Functions of two rows of whole numbers. Results are computed in int32 and cut to the dtype, so they wrap as NumPy's do. Division
 * by zero gives 0, as in NumPy.
 */
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';

/** The quotient, rounded toward −∞. −2³¹/−1 overflows and wraps. */
function floorDivide(a: i32, b: i32): i32 {
  if (b == 0) return 0;
  if (b == -1) return -a;
  const quotient = a / b;
  return a % b != 0 && (a ^ b) < 0 ? quotient - 1 : quotient;
}

/** The remainder with the sign of the dividend. */
function fmod(a: i32, b: i32): i32 {
  return b == 0 || b == -1 ? 0 : a % b;
}

/** The remainder with the sign of the divisor. */
function mod(a: i32, b: i32): i32 {
  const remainder = fmod(a, b);
  return remainder != 0 && (remainder ^ b) < 0 ? remainder + b : remainder;
}

/** aᵇ by squaring, wrapping. For a negative b, the whole part of the fraction. */
function power(a: i32, b: i32): i32 {
  if (b < 0) return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
  let result = 1;
  while (b) {
    if (b & 1) result *= a;
    a *= a;
    b >>= 1;
  }
  return result;
}

/** op(a, b); comparisons give 0 or 1. Every call has a literal `op`, so one branch of the switch is compiled. */
// @ts-ignore: decorator
@inline
function valueOf(op: BinaryOp, a: i32, b: i32): i32 {
  switch (op) {
    case BinaryOp.Add:
      return a + b;
    case BinaryOp.Subtract:
      return a - b;
    case BinaryOp.Multiply:
      return a * b;
    case BinaryOp.Power:
      return power(a, b);
    case BinaryOp.Maximum:
      return max(a, b);
    case BinaryOp.Minimum:
      return min(a, b);
    case BinaryOp.Mod:
      return mod(a, b);
    case BinaryOp.Fmod:
      return fmod(a, b);
    case BinaryOp.Divide:
    case BinaryOp.FloorDivide:
      return floorDivide(a, b);
    case BinaryOp.ReluGrad:
      return a > 0 ? b : 0;
    case BinaryOp.Equal:
      return i32(a == b);
    case BinaryOp.NotEqual:
      return i32(a != b);
    case BinaryOp.Less:
      return i32(a < b);
    case BinaryOp.LessEqual:
      return i32(a <= b);
    case BinaryOp.Greater:
      return i32(a > b);
    case BinaryOp.GreaterEqual:
      return i32(a >= b);
    case BinaryOp.LogicalAnd:
      return i32(a != 0) & i32(b != 0);
    case BinaryOp.LogicalOr:
      return i32(a != 0) | i32(b != 0);
    case BinaryOp.LogicalXor:
      return i32(a != 0) ^ i32(b != 0);
    default:
      return unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n, from elements In to elements Out. Steps are in bytes; the step of a scalar is 0. */
// @ts-ignore: decorator
@inline
function map<In, Out>(op: BinaryOp, a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const end = out + <usize>n * sizeof<Out>();
  while (out < end) {
    store<Out>(out, <Out>valueOf(op, <i32>load<In>(a), <i32>load<In>(b)));
    a += stepA;
    b += stepB;
    out += sizeof<Out>();
  }
}

// @ts-ignore: decorator
@inline
function binaryInteger<T>(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  store<T>(scratch, load<T>(a));
  store<T>(scratch, load<T>(b), 8);
  const stepA: usize = scalars & Scalars.A ? 0 : sizeof<T>();
  const stepB: usize = scalars & Scalars.B ? 0 : sizeof<T>();
  if (!stepA) a = scratch;
  if (!stepB) b = scratch + 8;
  switch (op) {
    case BinaryOp.Add:
      return map<T, T>(BinaryOp.Add, a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map<T, T>(BinaryOp.Subtract, a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map<T, T>(BinaryOp.Multiply, a, stepA, b, stepB, out, n);
    case BinaryOp.Power:
      return map<T, T>(BinaryOp.Power, a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map<T, T>(BinaryOp.Maximum, a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map<T, T>(BinaryOp.Minimum, a, stepA, b, stepB, out, n);
    case BinaryOp.Mod:
      return map<T, T>(BinaryOp.Mod, a, stepA, b, stepB, out, n);
    case BinaryOp.Fmod:
      return map<T, T>(BinaryOp.Fmod, a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
    case BinaryOp.FloorDivide:
      return map<T, T>(BinaryOp.FloorDivide, a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map<T, T>(BinaryOp.ReluGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return map<T, u8>(BinaryOp.Equal, a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return map<T, u8>(BinaryOp.NotEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return map<T, u8>(BinaryOp.Less, a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return map<T, u8>(BinaryOp.LessEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return map<T, u8>(BinaryOp.Greater, a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return map<T, u8>(BinaryOp.GreaterEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return map<T, u8>(BinaryOp.LogicalAnd, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return map<T, u8>(BinaryOp.LogicalOr, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return map<T, u8>(BinaryOp.LogicalXor, a, stepA, b, stepB, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n, int32; comparisons store bytes. `out` may be an operand that is not a scalar. */
export function binaryI32(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  binaryInteger<i32>(op, a, b, out, n, scalars, scratch);
}

/** out[i] = op(a[i], b[i]) for i < n, uint8 and bool; otherwise as {@link binaryI32}. */
export function binaryU8(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  binaryInteger<u8>(op, a, b, out, n, scalars, scratch);
}
