/**
 * The tile of a single column, such as the last of 49 pixels. Its lanes are rows; {@link anyTile} has columns as lanes, and
 * would use one lane of four.
 */
import { madd } from '../simd/madd';

/** Stores one element of the column: init + sum. */
// @ts-ignore: decorator
@inline
function storeSum(init: usize, sum: f32, c: usize): void {
  store<f32>(c, load<f32>(init) + sum);
}

/**
 * A tile of 1 to 5 rows and one column. One vector holds the first four rows, another the fifth. The kernel reads all five
 * rows of a panel of A, and ignores those beyond `rows`.
 */
export function columnTile(
  rows: i32,
  k: i32,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  init: usize,
  stepInit: usize,
  c: usize,
  stepC: usize,
): void {
  let even = f32x4.splat(0);
  let odd = even;
  let fifthEven = even;
  let fifthOdd = even;
  for (; k >= 2; k -= 2) {
    const b0 = v128.load32_splat(b);
    even = madd(v128.load(a), b0, even);
    fifthEven = madd(v128.load32_zero(a, 16), b0, fifthEven);
    a += stepA;
    b += stepB;
    const b1 = v128.load32_splat(b);
    odd = madd(v128.load(a), b1, odd);
    fifthOdd = madd(v128.load32_zero(a, 16), b1, fifthOdd);
    a += stepA;
    b += stepB;
  }
  if (k > 0) {
    const b0 = v128.load32_splat(b);
    even = madd(v128.load(a), b0, even);
    fifthEven = madd(v128.load32_zero(a, 16), b0, fifthEven);
  }
  const sums = f32x4.add(even, odd);
  storeSum(init, f32x4.extract_lane(sums, 0), c);
  if (rows > 1) storeSum(init + stepInit, f32x4.extract_lane(sums, 1), c + stepC);
  if (rows > 2) storeSum(init + 2 * stepInit, f32x4.extract_lane(sums, 2), c + 2 * stepC);
  if (rows > 3) storeSum(init + 3 * stepInit, f32x4.extract_lane(sums, 3), c + 3 * stepC);
  if (rows > 4) {
    const fifth = f32x4.extract_lane(f32x4.add(fifthEven, fifthOdd), 0);
    storeSum(init + 4 * stepInit, fifth, c + 4 * stepC);
  }
}
