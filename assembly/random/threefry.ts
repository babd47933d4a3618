/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). Element i takes word i & 1 of counter (i >> 1, 0), so four counters make
 * eight neighbouring elements:
 *
 *     x0 | a0 b0 c0 d0 |
 *     x1 | a1 b1 c1 d1 |   interleaved:  a0 a1 b0 b1 | c0 c1 d0 d1
 */
import { cos, log, sin } from '../math/host';

/** The constant from which the third key word is made. */
const PARITY: u32 = 0x1bd11bda;

/** 2⁻²⁴: the distance of neighbouring uniform numbers. */
const UNIT: f64 = 5.9604644775390625e-8;

/** Elements of one block. */
const BLOCK: i32 = 8;

// @ts-ignore: decorator
@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** Writes the words of elements 8·block to 8·block + 7. */
function wordsOfBlock(seed: u32, stream: u32, block: u32, to: usize): void {
  const key0 = i32x4.splat(seed);
  const key1 = i32x4.splat(stream);
  const key2 = i32x4.splat(seed ^ stream ^ PARITY);
  let x0 = i32x4.add(i32x4.add(i32x4.splat(4 * block), i32x4(0, 1, 2, 3)), key0);
  let x1 = key1;
  for (let injection = 1; injection <= 5; injection++) {
    const isOdd = injection & 1;
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(isOdd ? rotated(x1, 13) : rotated(x1, 17), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(isOdd ? rotated(x1, 15) : rotated(x1, 29), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(isOdd ? rotated(x1, 26) : rotated(x1, 16), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(isOdd ? rotated(x1, 6) : rotated(x1, 24), x0);
    // Key words `injection` mod 3 and the next one.
    const phase = injection % 3;
    x0 = i32x4.add(x0, phase == 0 ? key0 : phase == 1 ? key1 : key2);
    x1 = i32x4.add(x1, phase == 0 ? key1 : phase == 1 ? key2 : key0);
    x1 = i32x4.add(x1, i32x4.splat(injection));
  }
  v128.store(to, v128.shuffle<i32>(x0, x1, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(x0, x1, 2, 6, 3, 7), 16);
}

/** Numbers uniform in [0, 1), from the upper 24 bits. */
function uniform<T>(words: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<T>(out + i * sizeof<T>(), <T>(<f64>(load<u32>(words + (i << 2)) >>> 8) * UNIT));
  }
}

/** Standard normal numbers by the method of Box and Muller, from uniform ones in (0, 1], whose logarithm is finite. */
function normal<T>(words: usize, out: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 2) {
    const u0 = <f64>((load<u32>(words + (i << 2)) >>> 8) + 1) * UNIT;
    const u1 = <f64>((load<u32>(words + (i << 2), 4) >>> 8) + 1) * UNIT;
    const radius = sqrt(-2 * log(u0));
    const angle = 2 * NativeMath.PI * u1;
    const to = out + i * sizeof<T>();
    store<T>(to, <T>(radius * cos(angle)));
    if (i + 1 < <usize>count) store<T>(to + sizeof<T>(), <T>(radius * sin(angle)));
  }
}

// @ts-ignore: decorator
@inline
function random<T>(isNormal: bool, seed: u32, stream: u32, out: usize, n: u32, scratch: usize): void {
  for (let i: u32 = 0; i < n; i += BLOCK) {
    wordsOfBlock(seed, stream, i / BLOCK, scratch);
    const count = <i32>min<u32>(BLOCK, n - i);
    const to = out + <usize>i * sizeof<T>();
    if (isNormal) normal<T>(scratch, to, count);
    else uniform<T>(scratch, to, count);
  }
}

/** n random float32 under the key (seed, stream). `scratch` is 32 bytes. */
export function randomF32(isNormal: bool, seed: u32, stream: u32, out: usize, n: u32, scratch: usize): void {
  random<f32>(isNormal, seed, stream, out, n, scratch);
}

/** {@link randomF32} of float64, from the same words. */
export function randomF64(isNormal: bool, seed: u32, stream: u32, out: usize, n: u32, scratch: usize): void {
  random<f64>(isNormal, seed, stream, out, n, scratch);
}
