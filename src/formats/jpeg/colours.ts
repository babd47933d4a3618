/**
 * Converts rows of components to pixels. JFIF's YCbCr has the weights of ITU-R BT.601, in 16-bit fractions, rounded as
 * libjpeg does.
 */
import type { JpegColours } from './segments.js';

/** Writes a row of `width` pixels at `to`. */
export type PutRow = (rows: readonly Uint8Array[], width: number, out: Uint8ClampedArray, to: number) => void;

const fixed = (weight: number) => Math.round(weight * 65_536);
const HALF = 32_768;
const table = (weight: number, shift: number, rounding = HALF) =>
  Int32Array.from({ length: 256 }, (_, value) => (fixed(weight) * (value - 128) + rounding) >> shift);

/** The terms that Cr adds to red and Cb to blue; and, times 2¹⁶, the terms that both add to green. */
const RED = table(1.402, 16);
const BLUE = table(1.772, 16);
const GREEN_CB = table(-0.34414, 0);
const GREEN_CR = table(-0.71414, 0, 0);

function putYcbcr([ys, cbs, crs]: readonly Uint8Array[], width: number, out: Uint8ClampedArray, to: number): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    const [y, cb, cr] = [ys[x], cbs[x], crs[x]];
    out[at] = y + RED[cr];
    out[at + 1] = y + ((GREEN_CB[cb] + GREEN_CR[cr]) >> 16);
    out[at + 2] = y + BLUE[cb];
  }
}

/** Converts three inverted inks, already in place, to RGB: each is multiplied by the inverted black. */
function darken(blacks: Uint8Array, width: number, out: Uint8ClampedArray, to: number): void {
  for (let x = 0, at = to; x < width; x++) {
    for (let c = 0; c < 3; c++, at++) out[at] = (out[at] * blacks[x]) / 255;
  }
}

function putRgb([reds, greens, blues]: readonly Uint8Array[], width: number, out: Uint8ClampedArray, to: number): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    out[at] = reds[x];
    out[at + 1] = greens[x];
    out[at + 2] = blues[x];
  }
}

/** The conversion of components to pixels, by the components' colours. */
export const PUT_ROW: Readonly<Record<JpegColours, PutRow>> = {
  grey: ([levels], width, out, to) => out.set(levels.subarray(0, width), to),
  rgb: putRgb,
  ycbcr: putYcbcr,
  cmyk(rows, width, out, to) {
    putRgb(rows, width, out, to);
    darken(rows[3], width, out, to);
  },
  // YCbCr gives the inks; the file stores them inverted.
  ycck(rows, width, out, to) {
    putYcbcr(rows, width, out, to);
    for (let at = to; at < to + 3 * width; at++) out[at] = 255 - out[at];
    darken(rows[3], width, out, to);
  },
};
