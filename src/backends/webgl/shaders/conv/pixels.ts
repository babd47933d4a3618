/**
 * Four pixels at a time out of rows of texels, at places known when a kernel is compiled: what each column of a
 * convolution's kernel sees is a swizzle of texels that were fetched once.
 */

/** Texels of an input row that a line of `pitch` output texels touches. */
export function inputPitch(pitch: number, stride: number, reach: number): number {
  return Math.ceil(((4 * pitch - 1) * stride + reach + 1) / 4);
}

/** Four pixels of a row in texels `t0`, `t1`, …, the first at `place`, as GLSL. */
export function fourPixels(place: number, stride: number): string {
  const pixel = (at: number) => `t${at >> 2}.${'xyzw'[at & 3]}`;
  if (place % 4 === 0 && stride === 1) return `t${place >> 2}`;
  return `vec4(${[0, 1, 2, 3].map((i) => pixel(place + i * stride)).join(', ')})`;
}

/** Texels `t0`, `t1`, … from place `p` on, as many as {@link fourPixels} needs for these places. */
export function loadTexels(places: readonly number[], stride: number): string {
  const needed = new Set(places.flatMap((place) => [0, 1, 2, 3].map((i) => (place + i * stride) >> 2)));
  return [...needed].map((t) => `vec4 t${t} = x_texel(p + ${t});\n`).join('');
}
