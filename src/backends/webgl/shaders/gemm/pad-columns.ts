/**
 * Pads rows to a width of whole texels, so that the kernels of products fetch four columns at a time at constant places. Columns may also
 * move to the right, between zeros.
 */

import type { Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import type { TextureMemory } from '../../storage.js';
import { fragment } from '../glsl.js';

export interface Columns {
  readonly rows: number;
  readonly width: number;
  /** Texels of a row of the result. */
  readonly pitch: number;
  /** The new column of column 0. Default: 0. */
  readonly left?: number;
}

/** x (rows, width) with column j in column left + j of 4·pitch; x itself if nothing changes. */
export function padColumns(painter: Painter, x: TextureMemory, columns: Columns): TextureMemory {
  const { rows, width, pitch, left = 0 } = columns;
  if (left === 0 && width === 4 * pitch) return x;
  const out = painter.borrow(rows * pitch * 4);
  painter.draw(KERNEL, { inputs: { x }, uniforms: { width, pitch, left }, outputs: [out] });
  return out;
}

const KERNEL: Kernel = {
  key: 'padColumns',
  fragment: () =>
    fragment({
      inputs: { x: 'float' },
      outputs: ['float'],
      body: `
uniform int width, pitch, left;
float column(int row, int c) {
  int j = c - left;
  return j >= 0 && j < width ? x_at(row * width + j) : 0.0;
}
void main() {
  int t = texel(), row = t / pitch, c = (t - row * pitch) << 2;
  out0 = vec4(column(row, c), column(row, c + 1), column(row, c + 2), column(row, c + 3));
}
`,
    }),
};
