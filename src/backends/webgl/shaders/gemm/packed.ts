/**
 * Products that are large enough to pack their operands first. A fragment computes a tile of 8 (or 4) rows × 4 columns, and for each four
 * terms needs eight texels of A and four of B. Packed operands have these texels side by side, in the order of use:
 *
 *     A   texel ((batch·blocks + block)·quads + k/4)·rows + r   =  four terms of row block·rows + r
 *     B   texel ((batch·⌈N/4⌉ + n/4)·quads + k/4)·4 + i         =  four columns of term k + i
 *
 * where quads = ⌈K/4⌉, rounded up to an even number. So one address serves all of these texels, and a fragment uses a whole cache line at
 * once; unpacked rows whose width is a power of two would evict each other. Zeros beyond the matrices leave no remainders. Packing accepts any
 * strides: transposed operands, and those of 1×1 convolutions.
 */

import type { Activation } from '../../../ops.js';
import type { Arranging, Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import type { Kind, TextureMemory } from '../../storage.js';
import { divisibleBy4 } from '../../views.js';
import { fragment } from '../glsl.js';
import { activationSource } from './epilogue.js';
import { Tiles } from './tiles.js';

/** With fewer multiplications, packing costs more than it saves. */
const ENOUGH_WORK = 2 ** 21;
/**
 * With a smaller M, N or K, packing costs more than it saves. Packed operands of at least this size also have textures in which no group of
 * texels crosses a row.
 */
const THINNEST = 24;
/** Groups of four terms in one turn of the loop. Two were a fifth faster than one. */
const UNROLLED = 2;

/** The layout of an operand, in elements. A line is a row of A or a column of B; the sum runs over terms. */
interface Operand {
  readonly memory: TextureMemory;
  /** 0 if all batches share one matrix. */
  readonly batchStride: number;
  readonly lineStride: number;
  readonly termStride: number;
  /** Packs the operand, for this product alone or to keep it. */
  readonly arrange: Arranging;
}

export interface Product {
  readonly batches: number;
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly a: Operand;
  readonly b: Operand;
  /** One element for each row, or for each column. */
  readonly bias?: { readonly memory: TextureMemory; readonly along: 'rows' | 'columns' } | null;
  readonly activation: Activation;
  /** Added before the activation. */
  readonly residual?: TextureMemory | null;
}

/** Whether {@link packedProduct} is the fastest way to compute a product of this size. */
export function isWorthPacking(batches: number, M: number, N: number, K: number): boolean {
  return Math.min(M, N, K) >= THINNEST && batches * M * N * K >= ENOUGH_WORK;
}

/** out (batches, M, N) = act(A·B + bias + residual). */
export function packedProduct(painter: Painter, product: Product, out: TextureMemory): void {
  const { batches, M, N, K, a, b, bias = null, activation, residual = null } = product;
  const tiles = new Tiles(painter, { batches, rows: M, lines: 1, width: N });
  const rows = tiles.rowsPerTile;
  const left = pack(painter, 'terms', rows, a, { batches, lines: M, terms: K });
  const right = pack(painter, 'lines', 4, b, { batches, lines: N, terms: K });
  const inputs: Record<string, TextureMemory> = bias ? { bias: bias.memory } : {};
  tiles.draw(
    painter,
    productKernel(rows, bias?.along ?? null, residual ? 'none' : activation),
    { ...inputs, a: left.memory, b: right.memory },
    { quads: quadsOf(K), a_batch: left.batch, b_batch: right.batch },
    out,
    residual && { residual, activation },
  );
}

/** The number of groups of four terms, with zeros for whole turns of the loop. */
const quadsOf = (terms: number): number => Math.ceil(terms / 4 / UNROLLED) * UNROLLED;

interface Extent {
  readonly batches: number;
  readonly lines: number;
  readonly terms: number;
}

/** Packs an operand in groups of `group` texels, whose channels run along its lines or its terms. `batch`: texels of a batch. */
function pack(painter: Painter, channels: 'lines' | 'terms', group: number, operand: Operand, extent: Extent) {
  const { memory, batchStride, lineStride, termStride, arrange } = operand;
  const { lines, terms } = extent;
  const shared = batchStride === 0;
  const quads = quadsOf(terms);
  const blocks = Math.ceil(lines / group);
  const batch = blocks * quads * group;
  const [along, across, size] =
    channels === 'terms' ? [termStride, lineStride, terms] : [lineStride, termStride, lines];
  const wide = along === 1 && divisibleBy4(across, batchStride, size);
  const packed = arrange('packed product', (shared ? 1 : extent.batches) * batch * 4, (whole) =>
    painter.draw(packKernel(channels, group, wide), {
      inputs: { x: memory },
      uniforms: {
        quads,
        blocks,
        lines,
        terms,
        batch_stride: batchStride,
        line_stride: lineStride,
        term_stride: termStride,
      },
      outputs: [whole],
    }),
  );
  return { memory: packed, batch: shared ? 0 : batch };
}

const packKernel = (channels: 'lines' | 'terms', group: number, wide: boolean): Kernel => {
  // With channels along lines, a texel has four lines and a group four terms; along terms, a texel has four terms and a group `group` lines.
  const first =
    channels === 'terms'
      ? `int line = block * ${group} + member, term = quad * 4;`
      : 'int line = block * 4, term = quad * 4 + member;';
  const next = channels === 'terms' ? 'term + c' : 'line + c';
  const element = (c: number) => `element(base, ${channels === 'terms' ? `line, term + ${c}` : `line + ${c}, term`})`;
  return {
    key: `pack ${next} in groups of ${group}${wide ? ' texels' : ''}`,
    fragment: () =>
      fragment({
        inputs: { x: 'float' },
        outputs: ['float'],
        body: `
uniform int quads, blocks, lines, terms, batch_stride, line_stride, term_stride;
bool inside(int line, int term) { return line < lines && term < terms; }
int place(int base, int line, int term) { return base + line * line_stride + term * term_stride; }
float element(int base, int line, int term) {
  return inside(line, term) ? x_at(place(base, line, term)) : 0.0;
}
void main() {
  int t = texel();
  int q = t >> ${Math.log2(group)}, member = t & ${group - 1};
  int r = q / quads, quad = q - r * quads;
  int batch = r / blocks, block = r - batch * blocks;
  int base = batch * batch_stride;
  ${first}
  ${
    wide
      ? 'out0 = inside(line, term) ? x_texel(place(base, line, term) >> 2) : vec4(0.0);'
      : `out0 = vec4(${[0, 1, 2, 3].map(element).join(', ')});`
  }
}
`,
      }),
  };
};

function productKernel(rows: number, bias: 'rows' | 'columns' | null, activation: Activation): Kernel {
  const each = (line: (r: number) => string) => Array.from({ length: rows }, (_, r) => line(r)).join('');
  const inputs: Record<string, Kind> = { a: 'float', b: 'float' };
  if (bias) inputs.bias = 'float';
  const step = (quad: number) => `    {
${[0, 1, 2, 3].map((i) => `      vec4 b${i} = texture(b, vec2(b_first.x + ${4 * quad + i}.0 * b_scale.x, b_first.y));\n`).join('')}      vec4 v;
${each((r) => `      v = texture(a, vec2(a_first.x + ${quad * rows + r}.0 * a_scale.x, a_first.y));\n      sum${r} += v.x * b0 + v.y * b1 + v.z * b2 + v.w * b3;\n`)}    }
`;
  const offset = (r: number) => (bias === 'rows' ? ` + bias_at(m + ${r})` : bias === 'columns' ? ' + c' : '');
  return {
    key: `packed product tiles of ${rows}${bias ? ` + bias of ${bias}` : ''} ${activation}`,
    fragment: () =>
      fragment({
        inputs,
        outputs: Array.from({ length: rows }, () => 'float' as const),
        body: `
${activationSource(activation)}${Tiles.LOCATE}
uniform int quads, a_batch, b_batch;
void main() {
  int batch, block, slot, n4;
  locateTile(batch, block, slot, n4);
  int pa = batch * a_batch + block * quads * ${rows}, pb = batch * b_batch + n4 * quads * 4;
${each((r) => `  vec4 sum${r} = vec4(0.0);\n`)}
  for (int k = 0; k < quads; k += ${UNROLLED}) {
    vec2 a_first = a_place(pa), b_first = b_place(pb);
${Array.from({ length: UNROLLED }, (_, quad) => step(quad)).join('')}    pa += ${UNROLLED * rows};
    pb += ${UNROLLED * 4};
  }
${bias === 'rows' ? `  int m = block * ${rows};\n` : ''}${bias === 'columns' ? '  vec4 c = bias_texel(n4);\n' : ''}${each((r) => `  out${r} = activate(sum${r}${offset(r)});\n`)}}
`,
      }),
  };
}
