/** Functions of one int32, uint8 or bool array. Arithmetic wraps, as NumPy's does; rounding is the identity. */
import { UnaryOp } from '../generated/ops';


@final
class Negative {
  // @ts-ignore: decorator
  @inline
  apply(x: i32): i32 {
    return -x;
  }
}


@final
class Absolute {
  // @ts-ignore: decorator
  @inline
  apply(x: i32): i32 {
    return x < 0 ? -x : x;
  }
}


@final
class Sign {
  // @ts-ignore: decorator
  @inline
  apply(x: i32): i32 {
    return i32(x > 0) - i32(x < 0);
  }
}


@final
class Square {
  // @ts-ignore: decorator
  @inline
  apply(x: i32): i32 {
    return x * x;
  }
}


@final
class Relu {
  // @ts-ignore: decorator
  @inline
  apply(x: i32): i32 {
    return x < 0 ? 0 : x;
  }
}

function map<T, Op>(x: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const end = x + <usize>n * sizeof<T>();
  while (x < end) {
    store<T>(out, <T>op.apply(<i32>load<T>(x)));
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

function isZero<T>(x: usize, out: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<u8>(out + i, <u8>!load<T>(x + i * sizeof<T>()));
}

/** out[i] = op(x[i]). Tests store bytes: no whole number is NaN or infinite. `out` may be `x`. */
// @ts-ignore: decorator
@inline
function unaryInteger<T>(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Negative:
      return map<T, Negative>(x, out, n);
    case UnaryOp.Absolute:
      return map<T, Absolute>(x, out, n);
    case UnaryOp.Sign:
      return map<T, Sign>(x, out, n);
    case UnaryOp.Square:
      return map<T, Square>(x, out, n);
    case UnaryOp.Relu:
      return map<T, Relu>(x, out, n);
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
