/**
 * Tiles of results, and the pass that puts their rows in order. A fragment that computes one texel uses each fetch once. A fragment that
 * computes R rows of a product, into R layers, uses each fetch R times. Afterwards a second pass puts the rows in order:
 *
 *     layer r, texel ((batch·blocks + block)·slots + slot)·pitch + …   →   row block·R + r of the batch
 *
 * Lines and columns may be sorted by phase, which is their remainder modulo a spread (s, t). Then neighbouring fragments, and the four
 * columns of a texel, have the same phase:
 *
 *     line y    in slot (y mod s)·⌈lines/s⌉ + ⌊y/s⌋
 *     column x  in texel (x mod t)·phasePitch + ⌊x/t⌋/4, channel ⌊x/t⌋ mod 4
 */

import type { Activation } from '../../../ops.js';
import type { Painter, Uniform } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import type { TextureMemory } from '../../storage.js';
import { divisibleBy4 } from '../../views.js';
import { FOUR_ELEMENTS, fragment, type InputKind } from '../glsl.js';
import { activationSource } from './epilogue.js';

/** The result of a product: `batches` × `rows` planes of `lines` × `width` elements. */
export interface TiledShape {
  readonly batches: number;
  readonly rows: number;
  readonly lines: number;
  readonly width: number;
  /** The number of phases of lines and of columns. */
  readonly spread?: readonly [y: number, x: number];
}

/** The end of the second pass: act(result + residual). */
export interface Ending {
  /** Has the layout of the result. */
  readonly residual: TextureMemory;
  readonly activation: Activation;
}

/** Rows of a fragment. WebGL2 promises draws into four layers; most devices draw into eight. */
const FEW_ROWS = 4;
const MANY_ROWS = 8;
/** With fewer fragments of many rows, twice as many fragments of few rows keep a GPU busier. */
const ENOUGH_FRAGMENTS = 4096;

export class Tiles {
  /** Rows of a fragment, one for each layer: a power of two, and less than four only if the product has fewer rows. */
  readonly rowsPerTile: number;
  /** Tiles in a column of a batch. */
  readonly blocks: number;
  /** Lines of a plane. Some stay empty if lines are sorted by phase. */
  readonly slots: number;
  /** Texels of the columns of one phase. */
  readonly phasePitch: number;
  readonly shape: Required<TiledShape>;

  constructor(painter: Painter, { batches, rows, lines, width, spread = [1, 1] }: TiledShape) {
    this.shape = { batches, rows, lines, width, spread };
    this.slots = spread[0] * Math.ceil(lines / spread[0]);
    this.phasePitch = Math.ceil(width / spread[1] / 4);
    const fragmentsOfMany = batches * Math.ceil(rows / MANY_ROWS) * this.slots * this.pitch;
    const many = fragmentsOfMany >= ENOUGH_FRAGMENTS && painter.context.capabilities.maxDrawBuffers >= MANY_ROWS;
    this.rowsPerTile = Math.min(many ? MANY_ROWS : FEW_ROWS, 2 ** Math.ceil(Math.log2(rows)));
    this.blocks = Math.ceil(rows / this.rowsPerTile);
  }

  /** Texels of a line. */
  get pitch(): number {
    return this.phasePitch * this.shape.spread[1];
  }

  /**
   * Draws `kernel`, which fills `out0` … with the rows of a tile, and puts the rows into `out`. This second pass adds a residual, texel by
   * texel, since the residual has the layout of the result.
   */
  draw(
    painter: Painter,
    kernel: Kernel,
    inputs: Readonly<Record<string, TextureMemory>>,
    uniforms: Readonly<Record<string, Uniform>>,
    out: TextureMemory,
    ending: Ending | null = null,
  ): void {
    const { rowsPerTile, blocks, slots, pitch, phasePitch, shape } = this;
    const { batches, rows, lines, width, spread } = shape;
    const sorted = spread[0] * spread[1] > 1;
    const all = { ...uniforms, blocks, slots, pitch };
    if (rowsPerTile === 1 && divisibleBy4(width) && !sorted && !ending) {
      painter.draw(kernel, { inputs, uniforms: all, outputs: [out] });
      return;
    }
    const size = batches * blocks * slots * pitch * 4;
    const tiles = painter.borrow(size, 'float32', rowsPerTile);
    painter.draw(kernel, { inputs, uniforms: all, outputs: [tiles] });
    const whole = batches === 1 || rows % rowsPerTile === 0;
    painter.draw(assembly(rowsPerTile, divisibleBy4(width) && !sorted, whole, ending?.activation ?? null), {
      inputs: ending ? { tiles, residual: ending.residual } : { tiles },
      uniforms: { blocks, slots, pitch, phase_pitch: phasePitch, rows, lines, width, spread },
      outputs: [out],
    });
  }

  /** GLSL: the uniforms of a tile, and `locateTile`, which finds the tile of a fragment. */
  static readonly LOCATE = `
uniform int blocks, slots, pitch;
void locateTile(out int batch, out int block, out int slot, out int x4) {
  int t = texel();
  int r = t / pitch;
  x4 = t - r * pitch;
  int q = r / slots;
  slot = r - q * slots;
  batch = q / blocks;
  block = q - batch * blocks;
}
`;
}

/**
 * The kernel that puts `rows` layers in order. With an activation, it also adds a residual. If tiles are `whole`, each block has rows of
 * one batch alone, and the kernel need not find the batch.
 */
const assembly = (rows: number, wide: boolean, whole: boolean, activation: Activation | null): Kernel => {
  const tiles: InputKind = rows === 1 ? 'float' : 'layers';
  return {
    key: `assemble ${rows}${wide ? ' texels' : ''}${whole ? ' whole' : ''}${activation ? ` + residual ${activation}` : ''}`,
    fragment: () =>
      fragment({
        inputs: activation ? { tiles, residual: 'float' } : { tiles },
        outputs: ['float'],
        body: `
${activation ? activationSource(activation) : ''}
uniform int blocks, slots, pitch, phase_pitch, rows, lines, width;
uniform ivec2 spread;
// Texel t of a row of all batches.
vec4 tile(int row, int t) {
  ${whole ? '' : `int batch = row / rows;\n  row += batch * (blocks * ${rows} - rows);`}
  return tiles_texel(${rows === 1 ? '' : `row & ${rows - 1}, `}(row >> ${Math.log2(rows)}) * slots * pitch + t);
}
${wide ? wholeTexels(activation !== null) : singleElements(activation !== null)}`,
      }),
  };
};

/** If no row ends within a texel, and no column moves, planes have the same layout in the tiles and in the result. */
const wholeTexels = (withResidual: boolean) => `
void main() {
  int t = texel(), plane = slots * pitch, row = t / plane;
  vec4 v = tile(row, t - row * plane);
  out0 = ${withResidual ? 'activate(v + residual_texel(t))' : 'v'};
}
`;

const singleElements = (withResidual: boolean) => `
float element(int e) {
  int l = e / width, x = e - l * width;
  int row = l / lines, y = l - row * lines;
  int i = y / spread.x, j = x / spread.y;
  int slot = (y - i * spread.x) * (slots / spread.x) + i;
  int column = (x - j * spread.y) * phase_pitch + (j >> 2);
  return pick(tile(row, slot * pitch + column), j & 3)${withResidual ? ' + residual_at(e)' : ''};
}
${FOUR_ELEMENTS('float', withResidual ? 'activate' : undefined)}`;
