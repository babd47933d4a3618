/**
 * The inverse cosine transform of blocks of 8 × 8 coefficients, in integers, columns and then rows. After C. Loeffler,
 * A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications" (1989), with the precision of
 * libjpeg's slow integer method, so pixels equal libjpeg's to the last bit.
 */

/** The constants of the paper are multiplied by 2¹³. */
const SCALE_BITS = 13;
/** Columns keep two bits more than their values have, for precision. */
const COLUMN_BITS = 2;

const fixed = (value: number) => Math.round(value * 2 ** SCALE_BITS);
const F_0_298 = fixed(0.298631336);
const F_0_390 = fixed(0.390180644);
const F_0_541 = fixed(0.5411961);
const F_0_765 = fixed(0.765366865);
const F_0_899 = fixed(0.899976223);
const F_1_175 = fixed(1.175875602);
const F_1_501 = fixed(1.50132111);
const F_1_847 = fixed(1.847759065);
const F_1_961 = fixed(1.96157056);
const F_2_053 = fixed(2.053119869);
const F_2_562 = fixed(2.562915447);
const F_3_072 = fixed(3.072711026);

const { imul } = Math;

/**
 * Transforms eight values in place, `stride` apart in `values` from index `at`, and divides them by 2 ** `shift`,
 * rounding to nearest.
 */
function transform(values: Int32Array, at: number, stride: number, shift: number): void {
  const half = 1 << (shift - 1);
  const v0 = values[at];
  const v1 = values[at + stride];
  const v2 = values[at + 2 * stride];
  const v3 = values[at + 3 * stride];
  const v4 = values[at + 4 * stride];
  const v5 = values[at + 5 * stride];
  const v6 = values[at + 6 * stride];
  const v7 = values[at + 7 * stride];

  // Even coefficients.
  const turn = imul(v2 + v6, F_0_541);
  const e2 = turn - imul(v6, F_1_847);
  const e3 = turn + imul(v2, F_0_765);
  const e0 = (v0 + v4) << SCALE_BITS;
  const e1 = (v0 - v4) << SCALE_BITS;
  const a0 = e0 + e3 + half;
  const a3 = e0 - e3 + half;
  const a1 = e1 + e2 + half;
  const a2 = e1 - e2 + half;

  // Odd ones.
  const z5 = imul(v7 + v3 + v5 + v1, F_1_175);
  const z1 = -imul(v7 + v1, F_0_899);
  const z2 = -imul(v5 + v3, F_2_562);
  const z3 = z5 - imul(v7 + v3, F_1_961);
  const z4 = z5 - imul(v5 + v1, F_0_390);
  const b0 = imul(v7, F_0_298) + z1 + z3;
  const b1 = imul(v5, F_2_053) + z2 + z4;
  const b2 = imul(v3, F_3_072) + z2 + z3;
  const b3 = imul(v1, F_1_501) + z1 + z4;

  values[at] = (a0 + b3) >> shift;
  values[at + 7 * stride] = (a0 - b3) >> shift;
  values[at + stride] = (a1 + b2) >> shift;
  values[at + 6 * stride] = (a1 - b2) >> shift;
  values[at + 2 * stride] = (a2 + b1) >> shift;
  values[at + 5 * stride] = (a2 - b1) >> shift;
  values[at + 3 * stride] = (a3 + b0) >> shift;
  values[at + 4 * stride] = (a3 - b0) >> shift;
}

const workspace = new Int32Array(64);

/**
 * Computes the samples of a block, 0 to 255.
 *
 * @param coefficients of blocks, in rows of eight; those of this block begin at `from`.
 * @param steps the factor of each coefficient.
 * @param last the last coefficient in zigzag order that may differ from 0.
 * @param out rows of samples, `stride` apart; the block begins at `to`.
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  steps: Int32Array,
  last: number,
  out: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  if (last === 0) {
    const level = 128 + ((imul(coefficients[from], steps[0]) + 4) >> 3);
    for (let y = 0, at = to; y < 8; y++, at += stride) out.fill(level, at, at + 8);
    return;
  }
  for (let i = 0; i < 64; i++) workspace[i] = imul(coefficients[from + i], steps[i]);
  for (let x = 0; x < 8; x++) transform(workspace, x, 8, SCALE_BITS - COLUMN_BITS);
  for (let y = 0, at = to; y < 8; y++, at += stride) {
    transform(workspace, 8 * y, 1, SCALE_BITS + COLUMN_BITS + 3);
    for (let x = 0; x < 8; x++) out[at + x] = 128 + workspace[8 * y + x];
  }
}
