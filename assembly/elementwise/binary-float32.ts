/**
 * Functions of two float32 rows, vectorised. A row is contiguous, or is one element that stands for all: such an
 * element is copied to sixteen lanes of scratch memory, whose address then does not move. So one loop serves all cases.
 *
 *     a    | 0 1 2 3 | 4 5 6 7 | 8 … | . . 15 | 16 …      moves by 64 bytes, or
 *     a    | s s s s | s s s s | s … | . .  s |           stays
 */
import { madd } from '../simd/madd';
import { splatRow, storeLanes } from '../simd/partial';
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';
import { binaryScalar } from './binary-scalar';


@final
class Add {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}


@final
class Subtract {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}


@final
class Multiply {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}


@final
class Divide {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}


@final
class Maximum {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}


@final
class Minimum {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}


@final
class SigmoidGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.mul(f32x4.mul(b, a), f32x4.sub(f32x4.splat(1), a));
  }
}


@final
class TanhGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.mul(b, madd(f32x4.neg(a), a, f32x4.splat(1)));
  }
}


@final
class ReluGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return v128.and(b, f32x4.gt(a, f32x4.splat(0)));
  }
}


@final
class Equal {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.eq(a, b);
  }
}


@final
class NotEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.ne(a, b);
  }
}


@final
class Less {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.lt(a, b);
  }
}


@final
class LessEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.le(a, b);
  }
}


@final
class Greater {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.gt(a, b);
  }
}


@final
class GreaterEqual {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return f32x4.ge(a, b);
  }
}


@final
class LogicalAnd {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return v128.and(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
  }
}


@final
class LogicalOr {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return v128.or(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
  }
}


@final
class LogicalXor {
  // @ts-ignore: decorator
  @inline
  apply(a: v128, b: v128): v128 {
    return v128.xor(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
  }
}

/** out[i] = Op(a[i], b[i]) for i < n; the steps are 64 or 0. */
function map<Op>(a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const unrolledEnd = out + (((<usize>n) & ~15) << 2);
  const bodyEnd = out + (((<usize>n) & ~3) << 2);
  while (out < unrolledEnd) {
    v128.store(out, op.apply(v128.load(a), v128.load(b)));
    v128.store(out, op.apply(v128.load(a, 16), v128.load(b, 16)), 16);
    v128.store(out, op.apply(v128.load(a, 32), v128.load(b, 32)), 32);
    v128.store(out, op.apply(v128.load(a, 48), v128.load(b, 48)), 48);
    a += stepA;
    b += stepB;
    out += 64;
  }
  while (out < bodyEnd) {
    v128.store(out, op.apply(v128.load(a), v128.load(b)));
    a += stepA >> 2;
    b += stepB >> 2;
    out += 16;
  }
  if (n & 3) storeLanes(out, op.apply(v128.load(a), v128.load(b)), n & 3);
}

/** out[i] = Op(a[i], b[i]) as a byte, for i < n. */
function mapToBool<Op>(a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = out + <usize>n;
  while (out < end) {
    const mask = op.apply(v128.load(a), v128.load(b));
    const halves = i16x8.narrow_i32x4_s(mask, mask);
    const bytes = v128.and(i8x16.narrow_i16x8_s(halves, halves), i8x16.splat(1));
    if (out + 4 <= end) {
      v128.store32_lane(out, bytes, 0);
    } else {
      let rest = i32x4.extract_lane(bytes, 0);
      for (let to = out; to < end; to++) {
        store<u8>(to, <u8>rest);
        rest >>= 8;
      }
    }
    a += stepA >> 2;
    b += stepB >> 2;
    out += 4;
  }
}

/**
 * out[i] = op(a[i], b[i]) for i < n, float32; comparisons store bytes. `scratch` is 128 bytes; `out` may be an operand
 * that is no scalar.
 */
export function binaryF32(op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  let stepA: usize = 64;
  let stepB: usize = 64;
  if (scalars & Scalars.A) {
    splatRow(a, scratch);
    a = scratch;
    stepA = 0;
  }
  if (scalars & Scalars.B) {
    splatRow(b, scratch + 64);
    b = scratch + 64;
    stepB = 0;
  }
  switch (op) {
    case BinaryOp.Add:
      return map<Add>(a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map<Subtract>(a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map<Multiply>(a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
      return map<Divide>(a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map<Maximum>(a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map<Minimum>(a, stepA, b, stepB, out, n);
    case BinaryOp.SigmoidGrad:
      return map<SigmoidGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.TanhGrad:
      return map<TanhGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map<ReluGrad>(a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return mapToBool<Equal>(a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return mapToBool<NotEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return mapToBool<Less>(a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return mapToBool<LessEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return mapToBool<Greater>(a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return mapToBool<GreaterEqual>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return mapToBool<LogicalAnd>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return mapToBool<LogicalOr>(a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return mapToBool<LogicalXor>(a, stepA, b, stepB, out, n);
    default:
      binaryScalar<f32>(op, a, stepA >> 4, b, stepB >> 4, out, n);
  }
}
