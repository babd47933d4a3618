/** The functions of one float64 that unary-scalar.ts maps over arrays: `apply` gives a number, `test` a truth value. */
import { erf, erfc } from '../math/erf';
import {
  acos,
  asin,
  atan,
  cos,
  cosh,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  pow,
  sin,
  sinh,
  tan,
  tanh,
} from '../math/host';

/** 1/(1 + e⁻ˣ) without overflow. */
export function sigmoid64(x: f64): f64 {
  const e = exp(-abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/** log(1 + eˣ) without overflow. */
function softplus64(x: f64): f64 {
  return (x > 0 ? x : 0) + log1p(exp(-abs(x)));
}


@final
export class Negative {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return -x;
  }
}


@final
export class Absolute {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return abs(x);
  }
}


@final
export class Sign {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return x > 0 ? 1 : x < 0 ? -1 : x;
  }
}


@final
export class Square {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return x * x;
  }
}


@final
export class Relu {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return x < 0 ? 0 : x;
  }
}


@final
export class Ceil {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return ceil(x);
  }
}


@final
export class Floor {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return floor(x);
  }
}


@final
export class Rint {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return nearest(x);
  }
}


@final
export class Trunc {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return trunc(x);
  }
}


@final
export class Sqrt {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return sqrt(x);
  }
}


@final
export class Rsqrt {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return 1 / sqrt(x);
  }
}


@final
export class Reciprocal {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return 1 / x;
  }
}


@final
export class Exp {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return exp(x);
  }
}


@final
export class Exp2 {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return pow(2, x);
  }
}


@final
export class Log {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return log(x);
  }
}


@final
export class Log2 {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return log2(x);
  }
}


@final
export class Log10 {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return log10(x);
  }
}


@final
export class Tanh {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return tanh(x);
  }
}


@final
export class Sigmoid {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return sigmoid64(x);
  }
}


@final
export class Softplus {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return softplus64(x);
  }
}


@final
export class Expm1 {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return expm1(x);
  }
}


@final
export class Log1p {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return log1p(x);
  }
}


@final
export class Sin {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return sin(x);
  }
}


@final
export class Cos {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return cos(x);
  }
}


@final
export class Tan {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return tan(x);
  }
}


@final
export class Arcsin {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return asin(x);
  }
}


@final
export class Arccos {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return acos(x);
  }
}


@final
export class Arctan {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return atan(x);
  }
}


@final
export class Sinh {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return sinh(x);
  }
}


@final
export class Cosh {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return cosh(x);
  }
}


@final
export class Erf {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return erf(x);
  }
}


@final
export class Erfc {
  // @ts-ignore: decorator
  @inline
  apply(x: f64): f64 {
    return erfc(x);
  }
}


@final
export class LogicalNot {
  // @ts-ignore: decorator
  @inline
  test(x: f64): u8 {
    return <u8>(x == 0);
  }
}


@final
export class IsNan {
  // @ts-ignore: decorator
  @inline
  test(x: f64): u8 {
    return <u8>(x != x);
  }
}


@final
export class IsInf {
  // @ts-ignore: decorator
  @inline
  test(x: f64): u8 {
    return <u8>(abs(x) == Infinity);
  }
}
