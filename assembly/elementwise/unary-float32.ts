/**
 * Functions of one float32 array that have vector loops, four lanes at a time. `unary-scalar.ts` has the other functions.
 *
 *     x    | 0 1 2 3 | 4 5 6 7 | … | n−2 n−1 . . |    the last vector reads past the end,
 *     out  | 0 1 2 3 | 4 5 6 7 | … | n−2 n−1 |        and writes only the elements that exist
 *
 * Each function is a class, not a branch of a switch as in `unary-scalar.ts`: the compiler folds these loops, which are alike
 * but for their long branches, into one loop that switches in each turn.
 */
import { exp, exp2 } from '../math/exp';
import { log, log2, log10 } from '../math/log';
import { sigmoid, softplus, tanh } from '../math/sigmoid';
import { storeLanes } from '../simd/partial';
import { UnaryOp } from '../generated/ops';
import { unaryScalar } from './unary-scalar';


@final
class Negative {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.neg(x);
  }
}


@final
class Absolute {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.abs(x);
  }
}


@final
class Sign {
  /** −1, 0 or 1 by comparison. A NaN is its own sign, since no comparison with it holds. */
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const signed = v128.or(v128.and(x, f32x4.splat(-0.0)), one);
    const ofNonzero = v128.bitselect(signed, x, f32x4.ne(x, zero));
    return v128.bitselect(ofNonzero, x, f32x4.eq(x, x));
  }
}


@final
class Square {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.mul(x, x);
  }
}


@final
class Relu {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
}


@final
class Ceil {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.ceil(x);
  }
}


@final
class Floor {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.floor(x);
  }
}


@final
class Rint {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.nearest(x);
  }
}


@final
class Trunc {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.trunc(x);
  }
}


@final
class Sqrt {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}


@final
class Rsqrt {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  }
}


@final
class Reciprocal {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
}


@final
class Exp {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return exp(x);
  }
}


@final
class Exp2 {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return exp2(x);
  }
}


@final
class Log {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return log(x);
  }
}


@final
class Log2 {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return log2(x);
  }
}


@final
class Log10 {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return log10(x);
  }
}


@final
class Tanh {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return tanh(x);
  }
}


@final
class Sigmoid {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return sigmoid(x);
  }
}


@final
class Softplus {
  // @ts-ignore: decorator
  @inline
  apply(x: v128): v128 {
    return softplus(x);
  }
}

/** out[i] = Op(x[i]) for i < n; `out` may be `x`. */
function map<Op>(x: usize, out: usize, n: i32): void {
  const op = changetype<Op>(0);
  const bodyEnd = out + (((<usize>n) & ~3) << 2);
  while (out < bodyEnd) {
    v128.store(out, op.apply(v128.load(x)));
    x += 16;
    out += 16;
  }
  if (n & 3) storeLanes(out, op.apply(v128.load(x)), n & 3);
}

/** out[i] = op(x[i]) for i < n, float32. Tests such as `isNan` store bytes. `out` may be `x`. */
export function unaryF32(op: UnaryOp, x: usize, out: usize, n: i32): void {
  switch (op) {
    case UnaryOp.Negative:
      return map<Negative>(x, out, n);
    case UnaryOp.Absolute:
      return map<Absolute>(x, out, n);
    case UnaryOp.Sign:
      return map<Sign>(x, out, n);
    case UnaryOp.Square:
      return map<Square>(x, out, n);
    case UnaryOp.Relu:
      return map<Relu>(x, out, n);
    case UnaryOp.Ceil:
      return map<Ceil>(x, out, n);
    case UnaryOp.Floor:
      return map<Floor>(x, out, n);
    case UnaryOp.Rint:
      return map<Rint>(x, out, n);
    case UnaryOp.Trunc:
      return map<Trunc>(x, out, n);
    case UnaryOp.Sqrt:
      return map<Sqrt>(x, out, n);
    case UnaryOp.Rsqrt:
      return map<Rsqrt>(x, out, n);
    case UnaryOp.Reciprocal:
      return map<Reciprocal>(x, out, n);
    case UnaryOp.Exp:
      return map<Exp>(x, out, n);
    case UnaryOp.Exp2:
      return map<Exp2>(x, out, n);
    case UnaryOp.Log:
      return map<Log>(x, out, n);
    case UnaryOp.Log2:
      return map<Log2>(x, out, n);
    case UnaryOp.Log10:
      return map<Log10>(x, out, n);
    case UnaryOp.Tanh:
      return map<Tanh>(x, out, n);
    case UnaryOp.Sigmoid:
      return map<Sigmoid>(x, out, n);
    case UnaryOp.Softplus:
      return map<Softplus>(x, out, n);
    default:
      unaryScalar<f32>(op, x, out, n);
  }
}
