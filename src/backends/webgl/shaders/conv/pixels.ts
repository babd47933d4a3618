/**
 * GLSL that takes four pixels at a time from a row of texels, at constant places: each column of a convolution's kernel sees a swizzle of
 * texels that were fetched once.
 */

/** The number of texels of an input row that a line of `pitch` output texels needs. */
export function inputPitch(pitch: number, stride: number, reach: number): number {
  return Math.ceil(((4 * pitch - 1) * stride + reach + 1) / 4);
}

/** Four pixels of a row in texels `t0`, `t1`, …; the first is at `place`. */
export function fourPixels(place: number, stride: number): string {
  const pixel = (at: number) => `t${at >> 2}.${'xyzw'[at & 3]}`;
  if (place % 4 === 0 && stride === 1) return `t${place >> 2}`;
  return `vec4(${[0, 1, 2, 3].map((i) => pixel(place + i * stride)).join(', ')})`;
}

/** Loads the texels `t0`, `t1`, … from place `p` that {@link fourPixels} needs for these places. */
export function loadTexels(places: readonly number[], stride: number): string {
  const needed = new Set(places.flatMap((place) => [0, 1, 2, 3].map((i) => (place + i * stride) >> 2)));
  return [...needed].map((t) => `vec4 t${t} = x_texel(p + ${t});\n`).join('');
}
