/**
 * Elementary functions of float64: those of the engine, JavaScript's `Math` and its `%`. Kernels of float64 are meant to be exact
 * rather than fast, and tables for these functions would be a third of all kernels.
 */

// @ts-ignore: decorator
@external("Math", "exp")
export declare function exp(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "expm1")
export declare function expm1(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "log")
export declare function log(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "log1p")
export declare function log1p(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "log2")
export declare function log2(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "log10")
export declare function log10(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "sin")
export declare function sin(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "cos")
export declare function cos(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "tan")
export declare function tan(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "asin")
export declare function asin(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "acos")
export declare function acos(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "atan")
export declare function atan(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "sinh")
export declare function sinh(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "cosh")
export declare function cosh(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "tanh")
export declare function tanh(x: f64): f64;
// @ts-ignore: decorator
@external("Math", "atan2")
export declare function atan2(y: f64, x: f64): f64;
// @ts-ignore: decorator
@external("Math", "pow")
export declare function pow(base: f64, exponent: f64): f64;
/** The exact remainder of a division that is cut toward zero. It has the sign of a. */
// @ts-ignore: decorator
@external("env", "remainder")
export declare function remainder(a: f64, b: f64): f64;
