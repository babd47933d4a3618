/**
 * Results computed in tiles, and their way into an array. A fragment that computes one texel fetches as much as it
 * computes; one that computes R rows of a product at once, into R textures, uses each fetch R times. Afterwards the rows
 * are put in order:
 *
 *     texture r, texel ((batch·blocks + block)·lines + line)·pitch + x/4   →   row block·R + r of the batch, at (line, x)
 */

import type { Device } from '../device.js';
import type { Kernel } from '../program-cache.js';
import type { TextureMemory } from '../storage.js';
import { divisibleBy4 } from '../views.js';
import { FOUR_ELEMENTS, fragment } from './glsl.js';

/** The result of a product: `batches` × `rows` planes of `lines` × `width` elements. */
export interface TiledShape {
  readonly batches: number;
  readonly rows: number;
  readonly lines: number;
  readonly width: number;
}

/** Rows per fragment: one per channel of a texel, and the number of textures that WebGL2 promises to fill at once. */
const MOST_ROWS = 4;

export class Tiles {
  /** Rows that a fragment computes, the number of textures. */
  readonly rowsPerTile: number;
  /** Tiles above each other in a batch. */
  readonly blocks: number;
  /** Texels of a line. */
  readonly pitch: number;
  readonly shape: TiledShape;

  constructor(shape: TiledShape) {
    this.shape = shape;
    this.rowsPerTile = Math.min(MOST_ROWS, 2 ** Math.ceil(Math.log2(shape.rows)));
    this.blocks = Math.ceil(shape.rows / this.rowsPerTile);
    this.pitch = Math.ceil(shape.width / 4);
  }

  /** Draws `kernel`, which fills `out0` … with the rows of a tile, and puts the rows into `out`. */
  draw(
    device: Device,
    kernel: Kernel,
    inputs: Readonly<Record<string, TextureMemory>>,
    uniforms: Readonly<Record<string, number>>,
    out: TextureMemory,
  ): void {
    const { rowsPerTile, blocks, pitch, shape } = this;
    const all = { ...uniforms, blocks, pitch, lines: shape.lines };
    if (rowsPerTile === 1 && divisibleBy4(shape.width)) {
      device.draw(kernel, { inputs, uniforms: all, outputs: [out] });
      return;
    }
    const size = shape.batches * blocks * shape.lines * pitch * 4;
    const tiles = Array.from({ length: rowsPerTile }, () => device.borrow(size));
    device.draw(kernel, { inputs, uniforms: all, outputs: tiles });
    device.draw(assembly(rowsPerTile, divisibleBy4(shape.width)), {
      inputs: Object.fromEntries(tiles.map((tile, r) => [`tile${r}`, tile])),
      uniforms: { blocks, pitch, rows: shape.rows, lines: shape.lines, width: shape.width },
      outputs: [out],
    });
  }

  /** Declares the uniforms of a tile and `void locateTile(out int batch, out int block, out int line, out int x4)`. */
  static readonly LOCATE = `
uniform int blocks, lines, pitch;
void locateTile(out int batch, out int block, out int line, out int x4) {
  int t = texel();
  int r = t / pitch;
  x4 = t - r * pitch;
  int q = r / lines;
  line = r - q * lines;
  batch = q / blocks;
  block = q - batch * blocks;
}
`;
}

const assembly = (rows: number, wide: boolean): Kernel => ({
  key: `assemble ${rows}${wide ? ' texels' : ''}`,
  fragment: () =>
    fragment({
      inputs: Object.fromEntries(Array.from({ length: rows }, (_, r) => [`tile${r}`, 'float' as const])),
      outputs: ['float'],
      body: `
uniform int blocks, pitch, rows, lines, width;
vec4 tile(int r, int t) {
${Array.from({ length: rows - 1 }, (_, r) => `  if (r == ${r}) return tile${r}_texel(t);\n`).join('')}  return tile${rows - 1}_texel(t);
}
// The texel that holds element e, and the element's place in its line.
vec4 holder(int e, out int x) {
  int l = e / width;
  x = e - l * width;
  int row = l / lines, line = l - row * lines;
  int batch = row / rows;
  row -= batch * rows;
  int block = row / ${rows};
  return tile(row - block * ${rows}, ((batch * blocks + block) * lines + line) * pitch + (x >> 2));
}
${
  wide
    ? 'void main() { int x; out0 = holder(texel() << 2, x); }'
    : `float element(int e) { int x; vec4 v = holder(e, x); return pick(v, x & 3); }\n${FOUR_ELEMENTS('float')}`
}`,
    }),
});
