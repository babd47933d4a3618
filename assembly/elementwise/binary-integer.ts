/**
 * Functions of two rows of whole numbers. Everything is computed in int32 and cut to the dtype, which is how NumPy
 * wraps. Division by zero gives 0, as NumPy's does.
 */
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';

/** The quotient rounded toward −∞. The only overflow, −2³¹/−1, wraps. */
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

/** a to the b-th by squaring, wrapping; the whole part of the fraction for negative b. */
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


@final
class Add {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return a + b;
  }
}


@final
class Subtract {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return a - b;
  }
}


@final
class Multiply {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return a * b;
  }
}


@final
class Power {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return power(a, b);
  }
}


@final
class Maximum {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return max(a, b);
  }
}


@final
class Minimum {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return min(a, b);
  }
}


@final
class Mod {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return mod(a, b);
  }
}


@final
class Fmod {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return fmod(a, b);
  }
}


@final
class FloorDivide {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return floorDivide(a, b);
  }
}


@final
class ReluGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return a > 0 ? b : 0;
  }
}


@final
class Equal {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a == b);
  }
}


@final
class NotEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a != b);
  }
}


@final
class Less {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a < b);
  }
}


@final
class LessEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a <= b);
  }
}


@final
class Greater {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a > b);
  }
}


@final
class GreaterEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a >= b);
  }
}


@final
class LogicalAnd {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a != 0) & i32(b != 0);
  }
}


@final
class LogicalOr {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a != 0) | i32(b != 0);
  }
}


@final
class LogicalXor {
  // @ts-ignore: decorator
  @inline
  apply(a: i32, b: i32): i32 {
    return i32(a != 0) ^ i32(b != 0);
  }
}

/** Elements of In through Op to elements of Out; steps in bytes, 0 for a scalar. */
function map<In, Out, Op>(a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = out + <usize>n * sizeof<Out>();
  while (out < end) {
    store<Out>(out, <Out>op.apply(<i32>load<In>(a), <i32>load<In>(b)));
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
      return map<T, T, Add>(a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map<T, T, Subtract>(a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map<T, T, Multiply>(a, stepA, b, stepB, out, n);
    case BinaryOp.Power:
      return map<T, T, Power>(a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map<T, T, Maximum>(a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map<T, T, Minimum>(a, stepA, b, stepB, out, n);
    case BinaryOp.Mod:
      return map<T, T, Mod>(a, stepA, b, stepB, out, n);
    case BinaryOp.Fmod:
      return map<T, T, Fmod>(a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
    case BinaryOp.FloorDivide:
      return map<T, T, FloorDivide>(a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map<T, T, ReluGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return map<T, u8, Equal>(a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return map<T, u8, NotEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return map<T, u8, Less>(a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return map<T, u8, LessEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return map<T, u8, Greater>(a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return map<T, u8, GreaterEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return map<T, u8, LogicalAnd>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return map<T, u8, LogicalOr>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return map<T, u8, LogicalXor>(a, stepA, b, stepB, out, n);
    default:
      unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n, int32; comparisons store bytes. `out` may be an operand that is no scalar. */
export function binaryI32(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  binaryInteger<i32>(op, a, b, out, n, scalars, scratch);
}

/** out[i] = op(a[i], b[i]) for i < n, uint8 and bool; otherwise as {@link binaryI32}. */
export function binaryU8(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  binaryInteger<u8>(op, a, b, out, n, scalars, scratch);
}
