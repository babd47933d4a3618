/** The functions of two float64 that binary-scalar.ts maps over rows: `apply` gives a number, `test` a truth value. */
import { atan2, exp, log, pow, remainder } from '../math/host';

/** C's pow: 1 to any power is 1, and −1 to ±∞ is 1, where JavaScript's has NaN. */
function power(base: f64, exponent: f64): f64 {
  if (base == 1 || (base == -1 && abs(exponent) == Infinity)) return 1;
  return pow(base, exponent);
}

/**
 * A power that is rounded to float32: engines are slow at `pow`, and the error of a logarithm in float64, 2⁻⁵³ times at most 104,
 * is lost in the rounding.
 */
function powerForFloat32(base: f64, exponent: f64): f64 {
  return base > 0 && base < Infinity && abs(exponent) < Infinity ? exp(exponent * log(base)) : power(base, exponent);
}

/** The remainder with the sign of the divisor, of a zero too; follows numpy.remainder. */
function mod(a: f64, b: f64): f64 {
  const rest = remainder(a, b);
  if (rest == 0) return copysign<f64>(0, b);
  return rest < 0 != b < 0 ? rest + b : rest;
}

/**
 * (a − mod(a, b)) / b, rounded to a whole number; follows numpy.floor_divide. ⌊a/b⌋ would be wrong where a/b is rounded up to a whole
 * number: 1 // 0.1 is 9.
 */
function floorQuotient(a: f64, b: f64): f64 {
  const quotient = a / b;
  if (b == 0) return quotient;
  const rest = remainder(a, b);
  const whole = nearest((a - rest) / b) - f64(rest != 0 && rest < 0 != b < 0);
  return whole == 0 ? copysign<f64>(0, quotient) : whole;
}


@final
export class Add {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return a + b;
  }
}


@final
export class Subtract {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return a - b;
  }
}


@final
export class Multiply {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return a * b;
  }
}


@final
export class Divide {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return a / b;
  }
}


@final
export class Maximum {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return max(a, b);
  }
}


@final
export class Minimum {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return min(a, b);
  }
}


@final
export class SigmoidGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return b * a * (1 - a);
  }
}


@final
export class TanhGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return b * (1 - a * a);
  }
}


@final
export class ReluGrad {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return a > 0 ? b : 0;
  }
}


@final
export class Power {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return power(a, b);
  }
}


@final
export class PowerForFloat32 {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return powerForFloat32(a, b);
  }
}


@final
export class Mod {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return mod(a, b);
  }
}


@final
export class FloorDivide {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return floorQuotient(a, b);
  }
}


@final
export class Fmod {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return remainder(a, b);
  }
}


@final
export class Arctan2 {
  // @ts-ignore: decorator
  @inline
  apply(a: f64, b: f64): f64 {
    return atan2(a, b);
  }
}


@final
export class Equal {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a == b;
  }
}


@final
export class NotEqual {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a != b;
  }
}


@final
export class Less {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a < b;
  }
}


@final
export class LessEqual {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a <= b;
  }
}


@final
export class Greater {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a > b;
  }
}


@final
export class GreaterEqual {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a >= b;
  }
}


@final
export class LogicalAnd {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a != 0 && b != 0;
  }
}


@final
export class LogicalOr {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return a != 0 || b != 0;
  }
}


@final
export class LogicalXor {
  // @ts-ignore: decorator
  @inline
  test(a: f64, b: f64): bool {
    return (a != 0) != (b != 0);
  }
}
