/**
 * Functions of two floating rows, one element at a time, in float64: all functions of float64 rows, and of float32 rows those
 * that are seldom called. A scalar operand has a step of 0 bytes.
 */
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';
import { atan2, exp, log, pow, remainder } from '../math/host';

/** C's pow: 1 to any power is 1, and −1 to ±∞ is 1, where JavaScript's has NaN. */
function power(base: f64, exponent: f64): f64 {
  if (base == 1 || (base == -1 && abs(exponent) == Infinity)) return 1;
  return pow(base, exponent);
}

/**
 * A power for float32. Engines are slow at `pow`, so this one takes a logarithm. The logarithm's error, at most 104·2⁻⁵³,
 * vanishes when the result is rounded to float32.
 */
function powerForFloat32(base: f64, exponent: f64): f64 {
  return base > 0 && base < Infinity && abs(exponent) < Infinity ? exp(exponent * log(base)) : power(base, exponent);
}

/** The remainder with the sign of the divisor, also if the remainder is 0. Follows numpy.remainder. */
function mod(a: f64, b: f64): f64 {
  const rest = remainder(a, b);
  if (rest == 0) return copysign<f64>(0, b);
  return rest < 0 != b < 0 ? rest + b : rest;
}

/**
 * (a − mod(a, b)) / b, rounded to a whole number. Follows numpy.floor_divide. ⌊a/b⌋ is wrong where rounding lifts a/b to a whole
 * number: 1 // 0.1 is 9.
 */
function floorQuotient(a: f64, b: f64): f64 {
  const quotient = a / b;
  if (b == 0) return quotient;
  const rest = remainder(a, b);
  const whole = nearest((a - rest) / b) - f64(rest != 0 && rest < 0 != b < 0);
  return whole == 0 ? copysign<f64>(0, quotient) : whole;
}

/**
 * op(a, b) of a function whose result is a number, before it is rounded to a T. Every call has a literal `op`, so one branch of
 * the switch is compiled.
 */
// @ts-ignore: decorator
@inline
function valueOf<T>(op: BinaryOp, a: f64, b: f64): f64 {
  switch (op) {
    case BinaryOp.Add:
      return a + b;
    case BinaryOp.Subtract:
      return a - b;
    case BinaryOp.Multiply:
      return a * b;
    case BinaryOp.Divide:
      return a / b;
    case BinaryOp.Maximum:
      return max(a, b);
    case BinaryOp.Minimum:
      return min(a, b);
    case BinaryOp.SigmoidGrad:
      return b * a * (1 - a);
    case BinaryOp.TanhGrad:
      return b * (1 - a * a);
    case BinaryOp.ReluGrad:
      return a > 0 ? b : 0;
    case BinaryOp.Power:
      return sizeof<T>() == 4 ? powerForFloat32(a, b) : power(a, b);
    case BinaryOp.Mod:
      return mod(a, b);
    case BinaryOp.FloorDivide:
      return floorQuotient(a, b);
    case BinaryOp.Fmod:
      return remainder(a, b);
    case BinaryOp.Arctan2:
      return atan2(a, b);
    default:
      return unreachable();
  }
}

/** op(a, b) of a function whose result is a truth value; `op` is a literal at every call. */
// @ts-ignore: decorator
@inline
function truthOf(op: BinaryOp, a: f64, b: f64): bool {
  switch (op) {
    case BinaryOp.Equal:
      return a == b;
    case BinaryOp.NotEqual:
      return a != b;
    case BinaryOp.Less:
      return a < b;
    case BinaryOp.LessEqual:
      return a <= b;
    case BinaryOp.Greater:
      return a > b;
    case BinaryOp.GreaterEqual:
      return a >= b;
    case BinaryOp.LogicalAnd:
      return a != 0 && b != 0;
    case BinaryOp.LogicalOr:
      return a != 0 || b != 0;
    case BinaryOp.LogicalXor:
      return (a != 0) != (b != 0);
    default:
      return unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n; steps in bytes. */
// @ts-ignore: decorator
@inline
function map<T>(op: BinaryOp, a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const end = out + <usize>n * sizeof<T>();
  while (out < end) {
    store<T>(out, <T>valueOf<T>(op, <f64>load<T>(a), <f64>load<T>(b)));
    a += stepA;
    b += stepB;
    out += sizeof<T>();
  }
}

/** out[i] = op(a[i], b[i]) as a byte, for i < n; steps in bytes. */
// @ts-ignore: decorator
@inline
function mapToBool<T>(op: BinaryOp, a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const end = out + <usize>n;
  while (out < end) {
    store<u8>(out, <u8>truthOf(op, <f64>load<T>(a), <f64>load<T>(b)));
    a += stepA;
    b += stepB;
    out++;
  }
}

/** out[i] = op(a[i], b[i]) of a function that has no vector loop in T; steps in bytes. */
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
      return map<T>(BinaryOp.Power, a, stepA, b, stepB, out, n);
    case BinaryOp.Mod:
      return map<T>(BinaryOp.Mod, a, stepA, b, stepB, out, n);
    case BinaryOp.FloorDivide:
      return map<T>(BinaryOp.FloorDivide, a, stepA, b, stepB, out, n);
    case BinaryOp.Fmod:
      return map<T>(BinaryOp.Fmod, a, stepA, b, stepB, out, n);
    case BinaryOp.Arctan2:
      return map<T>(BinaryOp.Arctan2, a, stepA, b, stepB, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n, float64; comparisons store bytes. `out` may be an operand that is not a scalar. */
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
      return map<f64>(BinaryOp.Add, a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map<f64>(BinaryOp.Subtract, a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map<f64>(BinaryOp.Multiply, a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
      return map<f64>(BinaryOp.Divide, a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map<f64>(BinaryOp.Maximum, a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map<f64>(BinaryOp.Minimum, a, stepA, b, stepB, out, n);
    case BinaryOp.SigmoidGrad:
      return map<f64>(BinaryOp.SigmoidGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.TanhGrad:
      return map<f64>(BinaryOp.TanhGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map<f64>(BinaryOp.ReluGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return mapToBool<f64>(BinaryOp.Equal, a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return mapToBool<f64>(BinaryOp.NotEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return mapToBool<f64>(BinaryOp.Less, a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return mapToBool<f64>(BinaryOp.LessEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return mapToBool<f64>(BinaryOp.Greater, a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return mapToBool<f64>(BinaryOp.GreaterEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return mapToBool<f64>(BinaryOp.LogicalAnd, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return mapToBool<f64>(BinaryOp.LogicalOr, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return mapToBool<f64>(BinaryOp.LogicalXor, a, stepA, b, stepB, out, n);
    default:
      binaryScalar<f64>(op, a, stepA, b, stepB, out, n);
  }
}
