/** The functions of the GLSL library, and the polynomials that most of them evaluate. */

/** GLSL source, and the names of the library's functions that it calls. */
export interface LibraryFunction {
  readonly uses?: readonly string[];
  readonly source: string;
}

/** GLSL of Horner's scheme in `x`; the constant coefficient comes first. */
export function horner(x: string, coefficients: readonly number[]): string {
  return coefficients
    .map(literal)
    .reverse()
    .reduce((sum, coefficient) => `(${sum} * ${x} + ${coefficient})`);
}

const literal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));
