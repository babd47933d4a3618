/** Functions of one int32, uint8 or bool array. Arithmetic wraps, as in NumPy. Rounding changes nothing. */
import { UnaryOp } from '../generated/ops';

/** op(x). Every call has a literal `op`, so one branch of the switch is compiled. */
// @ts-ignore: decorator
@inline
function valueOf(op: UnaryOp, x: i32): i32 {
  switch (op) {
    case UnaryOp.Negative:
      return -x;
    case UnaryOp.Absolute:
      return x < 0 ? -x : x;
    case UnaryOp.Sign:
      return i32(x > 0) - i32(x < 0);
    case UnaryOp.Square:
      return x * x;
    case UnaryOp.Relu:
      return x < 0 ? 0 : x;
    default:
      return unreachable();
  }
}

/** out[i] = op(x[i]) for i < n. */
// @ts-ignore: decorator
@inline
function map<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<T>(out, <T>valueOf(op, <i32>load<T>(x)));
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

/** out[i] = x[i] == 0 as a byte, for i < n. */
function isZero<T>(x: usize, out: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<u8>(out + i, <u8>!load<T>(x + i * sizeof<T>()));
}

/** out[i] = op(x[i]) for i < n. Tests store bytes; no whole number is NaN or infinite. `out` may be `x`. */
// @ts-ignore: decorator
@inline
function unaryInteger<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Negative:
      return map<T>(UnaryOp.Negative, x, out, n);
    case UnaryOp.Absolute:
      return map<T>(UnaryOp.Absolute, x, out, n);
    case UnaryOp.Sign:
      return map<T>(UnaryOp.Sign, x, out, n);
    case UnaryOp.Square:
      return map<T>(UnaryOp.Square, x, out, n);
    case UnaryOp.Relu:
      return map<T>(UnaryOp.Relu, x, out, n);
    case UnaryOp.LogicalNot:
      return isZero<T>(x, out, n);
    case UnaryOp.IsNan:
    case UnaryOp.IsInf:
      return memory.fill(out, 0, n);
    default:
      memory.copy(out, x, <usize>n * sizeof<T>());
  }
}

/** {@link unaryInteger} of int32. */
export function unaryI32(op: UnaryOp, x: usize, out: usize, n: i32): void {
  unaryInteger<i32>(op, x, out, n);
}

/** {@link unaryInteger} of uint8 and bool. */
export function unaryU8(op: UnaryOp, x: usize, out: usize, n: i32): void {
  unaryInteger<u8>(op, x, out, n);
}
