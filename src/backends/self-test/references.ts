/** Convolution and its adjoints by their definition, for the self-test. */

/** A convolution of stride 1 whose output is as large as its input. */
export interface SameConvolution {
  readonly N: number;
  readonly C: number;
  readonly O: number;
  readonly size: number;
  readonly ksize: number;
}

/**
 * The convolution y = x ⋆ w and its adjoints, `x` and `w`, applied to gy; each is the sum of `of(term)` over its terms.
 * x (N, C, size, size), w (O, C, ksize, ksize), gy and y (N, O, size, size).
 */
export function correlate(
  { N, C, O, size, ksize }: SameConvolution,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  gy: ArrayLike<number>,
  of: (term: number) => number,
): { x: Float64Array; w: Float64Array; y: Float64Array } {
  const sums = { x: new Float64Array(x.length), w: new Float64Array(w.length), y: new Float64Array(gy.length) };
  const pad = ksize >> 1;
  for (let n = 0; n < N; n++)
    for (let o = 0; o < O; o++)
      for (let c = 0; c < C; c++)
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++)
            for (let ky = Math.max(0, pad - i); ky < Math.min(ksize, size + pad - i); ky++)
              for (let kx = Math.max(0, pad - j); kx < Math.min(ksize, size + pad - j); kx++) {
                const px = ((n * C + c) * size + i + ky - pad) * size + j + kx - pad;
                const pw = ((o * C + c) * ksize + ky) * ksize + kx;
                const py = ((n * O + o) * size + i) * size + j;
                sums.y[py] += of(x[px] * w[pw]);
                sums.x[px] += of(gy[py] * w[pw]);
                sums.w[pw] += of(x[px] * gy[py]);
              }
  return sums;
}
