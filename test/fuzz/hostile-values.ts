/** Numbers that have broken readers and kernels, and arrays of them. */
import fc from 'fast-check';

/** Integers of all widths: ends of ranges, sizes whose products overflow, and lengths that no memory holds. */
const HOSTILE_INTEGERS: readonly number[] = [
  ...[0, -1, 1, -2, 2, 3, 7, 64, 255, 256, 1000, 65_535, 65_536, 1_000_000],
  ...[2 ** 24, 2 ** 27, 2 ** 28, 2 ** 30, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 2 ** 33],
  ...[2 ** 40, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 63)],
];

/** Floats at the limits of arithmetic. */
export const HOSTILE_FLOATS: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, 1e-45, 1e-38, 1.5, 1e9, -1e9, 1e30, 3.4e38, -3.4e38],
  ...[2 ** 31, -(2 ** 31), 2 ** 53, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];

export const hostileInteger: fc.Arbitrary<number> = fc.constantFrom(...HOSTILE_INTEGERS);
export const hostileFloat: fc.Arbitrary<number> = fc.constantFrom(...HOSTILE_FLOATS);

/** Mostly the honest value, one time in `often` a hostile one. */
export const sometimes = <T>(honest: fc.Arbitrary<T>, hostile: fc.Arbitrary<T>, often = 8): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: honest, weight: often - 1 }, { arbitrary: hostile, weight: 1 });

/** An integer of a range, or a hostile one. */
export const integer = (min: number, max: number, often = 16): fc.Arbitrary<number> =>
  sometimes(fc.integer({ min, max }), hostileInteger, often);

/** A float, or a hostile one. */
export const float = (often = 8): fc.Arbitrary<number> =>
  sometimes(
    fc.integer({ min: -8, max: 8 }).map((n) => n / 4),
    hostileFloat,
    often,
  );

/** The length of an axis: small, and rarely 0. */
export const length: fc.Arbitrary<number> = fc.constantFrom(1, 2, 2, 3, 3, 2, 1, 4, 5, 0, 9);

/** A shape of axes whose product stays small. */
export const shape = (minRank = 0, maxRank = 5): fc.Arbitrary<number[]> =>
  fc.array(length, { minLength: minRank, maxLength: maxRank });
