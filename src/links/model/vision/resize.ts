/**
 * Resizes pictures by bicubic convolution (Keys, 1981, a = −½), with a window that widens if a picture shrinks. The result is that of
 * Pillow's `Image.resize`, which Chainer calls, to the last bit: columns first, 8 bits in between, weights of 22 bits.
 */

/** The reach of the cubic to either side, in pixels of the smaller picture. */
const SUPPORT = 2;

/** The fractional bits of the weights. With the 8 bits of samples and 2 to spare they fill 32. */
const WEIGHT_BITS = 22;
const HALF = 1 << (WEIGHT_BITS - 1);

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** The pixels of which a new pixel is made, and their weights. */
interface Window {
  readonly first: number;
  readonly weights: Int32Array;
}

function windowsOf(from: number, to: number): Window[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(from, Math.floor(centre + support + 0.5));
    const weights = Array.from({ length: end - first }, (_, k) => cubic((k + first - centre + 0.5) / stretch));
    const sum = weights.reduce((a, b) => a + b, 0);
    // Rounded half away from zero.
    const whole = weights.map((w) => {
      const scaled = (w / sum) * 2 ** WEIGHT_BITS;
      return Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5));
    });
    return { first, weights: Int32Array.from(whole) };
  });
}

/**
 * Resamples the middle axis of (outer, from, inner) to `to` samples. Depending on `inner`, that axis runs along rows or columns.
 */
function resample(data: Uint8Array, outer: number, from: number, inner: number, to: number): Uint8Array {
  // Uint8ClampedArray clips too, but it would round once more.
  const out = new Uint8ClampedArray(outer * to * inner);
  const windows = windowsOf(from, to);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < to; i++) {
      const { first, weights } = windows[i];
      const start = (o * from + first) * inner;
      for (let c = 0; c < inner; c++) {
        let sum = HALF;
        for (let k = 0; k < weights.length; k++) sum += data[start + k * inner + c] * weights[k];
        out[(o * to + i) * inner + c] = sum >> WEIGHT_BITS;
      }
    }
  }
  return new Uint8Array(out.buffer);
}

/** Pixels (height, width, channels) as (newHeight, newWidth, channels). */
export function resizeBicubic(
  data: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  [newHeight, newWidth]: readonly [number, number],
): Uint8Array {
  const across = width === newWidth ? data : resample(data, height, width, channels, newWidth);
  return height === newHeight ? across : resample(across, 1, height, newWidth * channels, newHeight);
}
