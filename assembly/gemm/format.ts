/**
 * The formats of packed weights, and the conversions from and to float32. A product expands a block of panels to float32
 * before it multiplies it. A panel has k × unit elements; `unit` is the rows or columns of a tile. int8 has a scale for each
 * row or column.
 */

/** The format of a product's constant operand. */
export const enum Format {
  /** The operand is not packed; it lies as the caller gave it. */
  Given,
  Float32,
  Float16,
  Int8,
}

/** Bytes of an element. */
// @ts-ignore: decorator
@inline
export function bytesOf(format: Format): usize {
  if (format == Format.Int8) return 1;
  return format == Format.Float16 ? 2 : 4;
}

/**
 * Four float16 numbers as float32. The exponent biases of the two formats differ by 112. So the bits of a float16, shifted to
 * the places of a float32, are a number that is 2¹¹² times too small. This holds for subnormal numbers too. A packed weight
 * contains no infinity and no NaN.
 */
// @ts-ignore: decorator
@inline
export function fourHalves(from: usize): v128 {
  const bits = i32x4.shl(v128.load_ext<i16>(from), 13);
  return f32x4.mul(v128.and(bits, i32x4.splat(0x8fffe000)), f32x4.splat(reinterpret<f32>(0x77800000)));
}

/** Expands `count` float16 numbers to float32. Writes up to seven elements more. */
function expandHalves(from: usize, count: i32, to: usize): void {
  for (; count > 0; count -= 8) {
    v128.store(to, fourHalves(from));
    v128.store(to, fourHalves(from + 8), 16);
    from += 16;
    to += 32;
  }
}

/** The first four of eight int16 numbers, as float32. */
// @ts-ignore: decorator
@inline
export function lowFloats(x: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x));
}

/** The last four of eight int16 numbers, as float32. */
// @ts-ignore: decorator
@inline
export function highFloats(x: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x));
}

/** Expands k rows of a panel of eight columns to float32. `scales` has a number for each column. */
export function expandColumns(from: usize, format: Format, scales: usize, k: i32, to: usize): void {
  if (format == Format.Float16) {
    expandHalves(from, k << 3, to);
    return;
  }
  const low = v128.load(scales);
  const high = v128.load(scales, 16);
  for (; k > 0; k--) {
    const x = v128.load_ext<i8>(from);
    v128.store(to, f32x4.mul(lowFloats(x), low));
    v128.store(to, f32x4.mul(highFloats(x), high), 16);
    from += 8;
    to += 32;
  }
}

/** Expands k columns of a panel of five rows to float32. `scales` has a number for each row. Writes up to 15 elements more. */
export function expandRows(from: usize, format: Format, scales: usize, k: i32, to: usize): void {
  if (format == Format.Float16) {
    expandHalves(from, k * 5, to);
    return;
  }
  // Four columns are twenty elements: five vectors, in which the five scales repeat four times.
  const s0123 = v128.load(scales);
  const s4 = v128.load32_splat(scales, 16);
  const s4012 = v128.shuffle<i32>(s4, s0123, 0, 4, 5, 6);
  const s3401 = v128.shuffle<i32>(s0123, s4012, 3, 4, 5, 6);
  const s2340 = v128.shuffle<i32>(s0123, s4012, 2, 3, 4, 5);
  const s1234 = v128.shuffle<i32>(s0123, s4, 1, 2, 3, 4);
  for (; k > 0; k -= 4) {
    const x = v128.load_ext<i8>(from);
    const y = v128.load_ext<i8>(from + 8);
    const z = v128.load_ext<i8>(from + 16);
    v128.store(to, f32x4.mul(lowFloats(x), s0123));
    v128.store(to, f32x4.mul(highFloats(x), s4012), 16);
    v128.store(to, f32x4.mul(lowFloats(y), s3401), 32);
    v128.store(to, f32x4.mul(highFloats(y), s2340), 48);
    v128.store(to, f32x4.mul(lowFloats(z), s1234), 64);
    from += 20;
    to += 80;
  }
}

/**
 * Converts float32 to float16. It rounds to the nearest number, and a tie to the even one. Returns false if an element is too
 * large for float16. Sets the four elements of `from` behind the last to zero.
 */
function compressHalves(from: usize, count: i32, to: usize): bool {
  const half = f32x4.splat(0.5);
  let tooLarge = i32x4.splat(0);
  // The last vector may reach beyond the last element: those lanes must not count as too large.
  v128.store(from + ((<usize>count) << 2), f32x4.splat(0));
  for (; count > 0; count -= 4) {
    const x = v128.load(from);
    const size = v128.and(x, i32x4.splat(0x7fffffff));
    tooLarge = v128.or(tooLarge, i32x4.gt_s(size, i32x4.splat(0x477fefff)));
    // Add half of float16's last place, slightly less for an even number; the same addition changes the exponent's bias.
    const isOdd = v128.and(i32x4.shr_u(size, 13), i32x4.splat(1));
    const rounded = i32x4.add(i32x4.add(size, isOdd), i32x4.splat(0xfff - 0x38000000));
    const normal = i32x4.shr_u(rounded, 13);
    // The last place of a float32 near ½ equals the last place of float16's subnormal numbers.
    const subnormal = i32x4.sub(f32x4.add(size, half), half);
    const bits = v128.bitselect(subnormal, normal, i32x4.lt_s(size, i32x4.splat(0x38800000)));
    const sign = v128.and(i32x4.shr_u(x, 16), i32x4.splat(0x8000));
    const packed = i16x8.narrow_i32x4_u(v128.or(bits, sign), bits);
    if (count >= 4) {
      v128.store64_lane(to, packed, 0);
    } else {
      store<u16>(to, i16x8.extract_lane_u(packed, 0));
      if (count > 1) store<u16>(to, i16x8.extract_lane_u(packed, 1), 2);
      if (count > 2) store<u16>(to, i16x8.extract_lane_u(packed, 2), 4);
    }
    from += 16;
    to += 8;
  }
  return !v128.any_true(tooLarge);
}

/** Converts float32 to int8: the nearest multiples of the scales, at most ±127. Element i has scale i mod `unit`. */
function compressBytes(from: usize, count: i32, unit: i32, scales: usize, to: usize): void {
  let lane = 0;
  for (; count > 0; count--) {
    const scale = load<f32>(scales + ((<usize>lane) << 2));
    store<i8>(to, scale == 0 ? 0 : <i8>nearest(load<f32>(from) / scale));
    if (++lane == unit) lane = 0;
    from += 4;
    to++;
  }
}

/**
 * Converts `count` elements of a float32 panel to float16 or int8. The panel has space for four elements more. Returns false
 * if the format cannot hold an element.
 */
export function compress(from: usize, count: i32, unit: i32, format: Format, scales: usize, to: usize): bool {
  if (format == Format.Float16) return compressHalves(from, count, to);
  compressBytes(from, count, unit, scales, to);
  return true;
}

/** The int8 scale of k elements that are `step` bytes apart: max |x| / 127. It is infinite or NaN if an element is. */
export function scaleOf(from: usize, step: usize, k: i32): f32 {
  let most: f32 = 0;
  for (; k > 0; k--) {
    most = max(most, abs(load<f32>(from)));
    from += step;
  }
  return most / 127;
}
