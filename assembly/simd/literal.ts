/**
 * Numbers that the compiler knows, as types: it generates a function of one for each, and in it `literal<N>()` is a constant.
 * The number is the size of the type, which is a class of so many bytes.
 */

// @ts-ignore: decorator
@unmanaged
export class N1 {
  a: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N2 extends N1 {
  b: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N3 extends N2 {
  c: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N4 extends N3 {
  d: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N5 extends N4 {
  e: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N6 extends N5 {
  f: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N7 extends N6 {
  g: u8;
}

// @ts-ignore: decorator
@unmanaged
export class N8 extends N7 {
  h: u8;
}

/** The number that a type stands for. */
// @ts-ignore: decorator
@inline
export function literal<N>(): i32 {
  return <i32>offsetof<N>();
}
