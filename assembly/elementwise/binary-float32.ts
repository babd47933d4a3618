/**
 * Functions of two float32 rows that have vector loops. A row is contiguous, or it is one element that stands for all. Such an
 * element is copied to sixteen lanes of scratch memory, whose address then stays, so one loop serves all cases.
 *
 *     a    | 0 1 2 3 | 4 5 6 7 | 8 … | . . 15 | 16 …      moves by 64 bytes, or
 *     a    | s s s s | s s s s | s … | . .  s |           stays
 */
import { madd } from '../simd/madd';
import { splatRow, storeLanes } from '../simd/partial';
import { BinaryOp } from '../generated/ops';
import { Scalars } from './scalars';
import { binaryScalar } from './binary-scalar';

/**
 * op(a, b) in each lane; comparisons give masks. Every call has a literal `op`, so one branch of the switch is compiled.
 */
// @ts-ignore: decorator
@inline
function lanesOf(op: BinaryOp, a: v128, b: v128): v128 {
  switch (op) {
    case BinaryOp.Add:
      return f32x4.add(a, b);
    case BinaryOp.Subtract:
      return f32x4.sub(a, b);
    case BinaryOp.Multiply:
      return f32x4.mul(a, b);
    case BinaryOp.Divide:
      return f32x4.div(a, b);
    case BinaryOp.Maximum:
      return f32x4.max(a, b);
    case BinaryOp.Minimum:
      return f32x4.min(a, b);
    case BinaryOp.SigmoidGrad:
      return f32x4.mul(f32x4.mul(b, a), f32x4.sub(f32x4.splat(1), a));
    case BinaryOp.TanhGrad:
      return f32x4.mul(b, madd(f32x4.neg(a), a, f32x4.splat(1)));
    case BinaryOp.ReluGrad:
      return v128.and(b, f32x4.gt(a, f32x4.splat(0)));
    case BinaryOp.Equal:
      return f32x4.eq(a, b);
    case BinaryOp.NotEqual:
      return f32x4.ne(a, b);
    case BinaryOp.Less:
      return f32x4.lt(a, b);
    case BinaryOp.LessEqual:
      return f32x4.le(a, b);
    case BinaryOp.Greater:
      return f32x4.gt(a, b);
    case BinaryOp.GreaterEqual:
      return f32x4.ge(a, b);
    case BinaryOp.LogicalAnd:
      return v128.and(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
    case BinaryOp.LogicalOr:
      return v128.or(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
    case BinaryOp.LogicalXor:
      return v128.xor(f32x4.ne(a, f32x4.splat(0)), f32x4.ne(b, f32x4.splat(0)));
    default:
      return unreachable();
  }
}

/** out[i] = op(a[i], b[i]) for i < n; the steps are 64 or 0. */
// @ts-ignore: decorator
@inline
function map(op: BinaryOp, a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const unrolledEnd = out + (((<usize>n) & ~15) << 2);
  const bodyEnd = out + (((<usize>n) & ~3) << 2);
  while (out < unrolledEnd) {
    v128.store(out, lanesOf(op, v128.load(a), v128.load(b)));
    v128.store(out, lanesOf(op, v128.load(a, 16), v128.load(b, 16)), 16);
    v128.store(out, lanesOf(op, v128.load(a, 32), v128.load(b, 32)), 32);
    v128.store(out, lanesOf(op, v128.load(a, 48), v128.load(b, 48)), 48);
    a += stepA;
    b += stepB;
    out += 64;
  }
  while (out < bodyEnd) {
    v128.store(out, lanesOf(op, v128.load(a), v128.load(b)));
    a += stepA >> 2;
    b += stepB >> 2;
    out += 16;
  }
  if (n & 3) storeLanes(out, lanesOf(op, v128.load(a), v128.load(b)), n & 3);
}

/** out[i] = op(a[i], b[i]) as a byte, for i < n. */
// @ts-ignore: decorator
@inline
function mapToBool(op: BinaryOp, a: usize, stepA: usize, b: usize, stepB: usize, out: usize, n: i32): void {
  const end = out + <usize>n;
  while (out < end) {
    const mask = lanesOf(op, v128.load(a), v128.load(b));
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
 * out[i] = op(a[i], b[i]) for i < n, float32; comparisons store bytes. `scratch` is 128 bytes. `out` may be an operand that is not
 * a scalar.
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
      return map(BinaryOp.Add, a, stepA, b, stepB, out, n);
    case BinaryOp.Subtract:
      return map(BinaryOp.Subtract, a, stepA, b, stepB, out, n);
    case BinaryOp.Multiply:
      return map(BinaryOp.Multiply, a, stepA, b, stepB, out, n);
    case BinaryOp.Divide:
      return map(BinaryOp.Divide, a, stepA, b, stepB, out, n);
    case BinaryOp.Maximum:
      return map(BinaryOp.Maximum, a, stepA, b, stepB, out, n);
    case BinaryOp.Minimum:
      return map(BinaryOp.Minimum, a, stepA, b, stepB, out, n);
    case BinaryOp.SigmoidGrad:
      return map(BinaryOp.SigmoidGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.TanhGrad:
      return map(BinaryOp.TanhGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.ReluGrad:
      return map(BinaryOp.ReluGrad, a, stepA, b, stepB, out, n);
    case BinaryOp.Equal:
      return mapToBool(BinaryOp.Equal, a, stepA, b, stepB, out, n);
    case BinaryOp.NotEqual:
      return mapToBool(BinaryOp.NotEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Less:
      return mapToBool(BinaryOp.Less, a, stepA, b, stepB, out, n);
    case BinaryOp.LessEqual:
      return mapToBool(BinaryOp.LessEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.Greater:
      return mapToBool(BinaryOp.Greater, a, stepA, b, stepB, out, n);
    case BinaryOp.GreaterEqual:
      return mapToBool(BinaryOp.GreaterEqual, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalAnd:
      return mapToBool(BinaryOp.LogicalAnd, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalOr:
      return mapToBool(BinaryOp.LogicalOr, a, stepA, b, stepB, out, n);
    case BinaryOp.LogicalXor:
      return mapToBool(BinaryOp.LogicalXor, a, stepA, b, stepB, out, n);
    default:
      binaryScalar<f32>(op, a, stepA >> 4, b, stepB >> 4, out, n);
  }
}
