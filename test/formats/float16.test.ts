/** The 16-bit floating formats. Oracle: the definitions of the formats, evaluated bit by bit, over all their values. */
import { describe, expect, test } from 'vitest';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from '../../src/formats/float16.js';

/** The value that a float of so many exponent and fraction bits has, by IEEE 754's formula. */
function defined(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 * bias + 1) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each([
  { name: 'half', widen: halfToFloat, round: floatToHalf, exponentBits: 5, fractionBits: 10 },
  { name: 'bfloat16', widen: bfloatToFloat, round: floatToBfloat, exponentBits: 8, fractionBits: 7 },
])('$name', ({ widen, round, exponentBits, fractionBits }) => {
  const all = Array.from({ length: 65536 }, (_, bits) => bits);
  const infinity = (2 ** exponentBits - 1) << fractionBits;

  test('every value widens to what the format defines', () => {
    const wrong = all.filter((bits) => !Object.is(widen(bits), defined(bits, exponentBits, fractionBits)));
    expect(wrong).toEqual([]);
  });

  test('every value rounds to itself, NaN to NaN', () => {
    const wrong = all.filter((bits) => {
      const value = widen(bits);
      return Number.isNaN(value) ? !Number.isNaN(widen(round(value))) : round(value) !== bits;
    });
    expect(wrong).toEqual([]);
  });

  test('between two values the nearest is taken, halfway the even one', () => {
    const wrong = all.slice(0, infinity - 1).filter((bits) => {
      const [low, high] = [widen(bits), widen(bits + 1)];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      // In a float32's subnormal range the neighbours of the middle would round back to it.
      const step = Math.max((high - low) / 8, 2 ** -149);
      return (
        round(middle) !== even ||
        round(-middle) !== (even | 0x8000) ||
        (middle - step > low && round(middle - step) !== bits) ||
        (middle + step < high && round(middle + step) !== bits + 1)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('numbers beyond the range become infinity', () => {
    expect(round(Number.POSITIVE_INFINITY)).toBe(infinity);
    expect(round(Number.NEGATIVE_INFINITY)).toBe(infinity | 0x8000);
    expect(round(3.4028234e38)).toBe(infinity);
    expect(round(1e-45)).toBe(0);
    expect(round(-0)).toBe(0x8000);
  });
});

test('half: 65519 is the last that rounds down to 65504', () => {
  expect(halfToFloat(floatToHalf(65519))).toBe(65504);
  expect(halfToFloat(floatToHalf(65520))).toBe(Number.POSITIVE_INFINITY);
});
