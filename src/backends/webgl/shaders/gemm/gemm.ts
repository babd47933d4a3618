/**
 * Matrix products. The largest are packed first (see `packed.ts`). Large but thin products are computed in tiles: a fragment computes 4 × 4
 * elements (or 8 × 4), and for each four terms fetches four (or eight) texels of A and four of B:
 *
 *             n n+1 n+2 n+3
 *     k       [ B texel   ]                transposed, a texel holds four terms of one column
 *     k+1     [ B texel   ]
 *     k+2     [ B texel   ]
 *     k+3     [ B texel   ]
 *     m   [A] [ out0      ]                transposed, a texel of A holds one term of four rows
 *     m+1 [A] [ out1      ]
 *     m+2 [A] [ out2      ]
 *     m+3 [A] [ out3      ]
 *
 * A product of few elements with long sums, such as a linear layer of one image, would keep few of a GPU's cores busy. So its sums are cut
 * into parts, and a second pass adds the parts.
 *
 * Small products are computed element by element, since three draws would cost more than they save. So are products of integers, which are
 * rare.
 */

import type { Activation } from '../../../ops.js';
import type { Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf, type TextureMemory, type TextureTensor } from '../../storage.js';
import { FOUR_ELEMENTS, fragment } from '../glsl.js';
import type { Shader } from '../shader.js';
import { activationSource } from './epilogue.js';
import { isWorthPacking, packedProduct } from './packed.js';
import { padColumns } from './pad-columns.js';
import { type Ending, Tiles } from './tiles.js';

/** Products with fewer multiplications are computed element by element. */
const SMALL = 2 ** 15;
/** The number of fragments that keep a GPU busy, and the shortest part of a sum that is worth a fragment. */
const ENOUGH_FRAGMENTS = 16_384;
const SHORTEST_PART = 256;

interface Variant {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly biased: boolean;
  readonly activation: Activation;
}

/** out = act(op(A)·op(B) + bias + residual), batched; B is the weight of a prepared product. */
export const matmul: Shader<'matmul'> = (painter, a, b, out, options = {}) => {
  const { transA = false, transB = false, bias = null, residual = null, activation = 'none' } = options;
  const [batches, M, N] = out.shape;
  const K = a.shape[transA ? 1 : 2];
  if (batches * M * N === 0) return;
  const variant: Variant = { transA, transB, biased: bias !== null, activation };
  const inputs: Record<string, TextureMemory> = bias ? { bias: bias.memory } : {};
  if (batches * M * N * K < SMALL || out.dtype === 'int32') {
    painter.draw(smallKernel(variant, residual !== null, kindOf(out.dtype)), {
      inputs: { ...inputs, ...(residual && { residual: residual.memory }), a: a.memory, b: b.memory },
      uniforms: {
        M,
        N,
        K,
        a_batch: a.shape[0] === 1 ? 0 : M * K,
        b_batch: b.shape[0] === 1 ? 0 : K * N,
      },
      outputs: [out.memory],
    });
    return;
  }
  if (isWorthPacking(batches, M, N, K)) {
    const product = {
      batches,
      M,
      N,
      K,
      a: {
        memory: a.memory,
        batchStride: a.shape[0] === 1 ? 0 : M * K,
        lineStride: transA ? 1 : K,
        termStride: transA ? M : 1,
        arrange: painter.arrange,
      },
      b: {
        memory: b.memory,
        batchStride: b.shape[0] === 1 ? 0 : K * N,
        lineStride: transB ? K : 1,
        termStride: transB ? 1 : N,
        arrange: painter.arrangeWeight,
      },
      bias: bias && ({ memory: bias.memory, along: 'columns' } as const),
      activation,
      residual: residual?.memory,
    };
    packedProduct(painter, product, out.memory);
    return;
  }
  const [left, right] = [padded(painter, a), padded(painter, b)];
  const whole = new Tiles(painter, { batches, rows: M, lines: 1, width: N });
  const fragments = batches * whole.blocks * whole.pitch;
  const parts = Math.min(Math.ceil(ENOUGH_FRAGMENTS / fragments), Math.floor(K / SHORTEST_PART));
  /** Draws the product in tiles, or its parts, which are like further batches. */
  const draw = (tiles: Tiles, count: number, kernel: Variant, into: TextureMemory, ending: Ending | null): void => {
    const uniforms = { a_batch: left.batch, b_batch: right.batch, a_pitch: left.pitch, b_pitch: right.pitch };
    tiles.draw(
      painter,
      tileKernel(kernel, tiles.rowsPerTile),
      { ...(kernel.biased ? inputs : {}), a: left.memory, b: right.memory },
      { ...uniforms, K, batches, part: 4 * Math.ceil(K / 4 / count) },
      into,
      ending,
    );
  };
  if (parts <= 1) {
    const ending = residual && { residual: residual.memory, activation };
    draw(whole, 1, residual ? { ...variant, activation: 'none' } : variant, out.memory, ending);
    return;
  }
  const sums = painter.borrow(parts * batches * M * N);
  const cut = new Tiles(painter, { batches: parts * batches, rows: M, lines: 1, width: N });
  draw(cut, parts, { ...variant, biased: false, activation: 'none' }, sums, null);
  painter.draw(sumKernel(bias !== null, residual !== null, activation), {
    inputs: { ...inputs, ...(residual && { residual: residual.memory }), sums },
    uniforms: { parts, size: batches * M * N, N },
    outputs: [out.memory],
  });
};

/** A batch of matrices with rows of whole texels; `batch` and `pitch` in texels. */
function padded(painter: Painter, { shape: [batches, rows, width], memory }: TextureTensor) {
  const pitch = Math.ceil(width / 4);
  return {
    memory: padColumns(painter, memory, { rows: batches * rows, width, pitch }),
    pitch,
    batch: batches === 1 ? 0 : rows * pitch,
  };
}

const inputsOf = (biased: boolean, kind: Kind = 'float'): Record<string, Kind> =>
  biased ? { a: kind, b: kind, bias: kind } : { a: kind, b: kind };

const keyOf = ({ transA, transB, biased, activation }: Variant) =>
  `matmul${transA ? ' Aᵀ' : ' A'}${transB ? 'Bᵀ' : 'B'}${biased ? ' + bias' : ''} ${activation}`;

function tileKernel(variant: Variant, rows: number): Kernel {
  const { transA, transB, biased, activation } = variant;
  const each = (line: (r: number) => string) => Array.from({ length: rows }, (_, r) => line(r)).join('');
  const four = (texel: (i: number) => string) => `mat4(${[0, 1, 2, 3].map(texel).join(', ')})`;
  // Four rows are loaded at a time. A tile with fewer rows is the only one, so a texel begins with the tile's first row.
  const quads = Array.from({ length: Math.ceil(rows / 4) }, (_, q) => q);
  const loadA = quads
    .map((q) => {
      const ofRow = (r: number) =>
        r < rows ? `a_texel(a_base + (m + ${4 * q + r}) * a_pitch + (k >> 2))` : 'vec4(0.0)';
      const ofTerm = (i: number) => `a_texel(a_base + (k + ${i}) * a_pitch + (m >> 2) + ${q})`;
      return `    mat4 a${q} = ${transA ? `transpose(${four(ofTerm)})` : four(ofRow)};\n`;
    })
    .join('');
  const loadB = transB
    ? `    mat4 b0 = transpose(${four((c) => `b_texel(b_base + (4 * n4 + ${c}) * b_pitch + (k >> 2))`)});\n`
    : `    mat4 b0 = ${four((i) => `b_texel(b_base + (k + ${i}) * b_pitch + n4)`)};\n`;
  const rowOfA = (r: number) => `a${r >> 2}[${r & 3}]`;
  return {
    key: `${keyOf(variant)} tiles of ${rows}`,
    fragment: () =>
      fragment({
        inputs: inputsOf(biased),
        outputs: Array.from({ length: rows }, () => 'float' as const),
        body: `
${activationSource(activation)}${Tiles.LOCATE}
uniform int K, a_batch, b_batch, a_pitch, b_pitch, batches, part;
void main() {
  int batch, block, slot, n4;
  locateTile(batch, block, slot, n4);
  int first = batch / batches * part, end = min(first + part, K);
  batch %= batches;
  int m = block * ${rows}, a_base = batch * a_batch, b_base = batch * b_batch;
${each((r) => `  vec4 sum${r} = vec4(0.0);\n`)}
  int whole = end & ~3;
  for (int k = first; k < whole; k += 4) {
${loadA}${loadB}${each((r) => `    sum${r} += b0 * ${rowOfA(r)};\n`)}  }
  if (first < end && whole < end) {
    // Fewer than four terms are left. Values beyond them may be anything, even NaN.
    int k = whole, rest = end - whole;
${loadA}${loadB}    bvec4 unused = greaterThanEqual(ivec4(0, 1, 2, 3), ivec4(rest));
    for (int i = rest; i < 4; ++i) b0[i] = vec4(0.0);
${each((r) => `    sum${r} += b0 * mix(${rowOfA(r)}, vec4(0.0), unused);\n`)}  }
${biased ? '  vec4 c = bias_texel(n4);\n' : ''}${each((r) => `  out${r} = activate(sum${r}${biased ? ' + c' : ''});\n`)}}
`,
      }),
  };
}

/** The kernel that adds the parts of sums: out = act(Σ sums + bias + residual), with `size` elements in each part. */
const sumKernel = (biased: boolean, withResidual: boolean, activation: Activation): Kernel => {
  const inputs: Record<string, Kind> = { sums: 'float' };
  if (biased) inputs.bias = 'float';
  if (withResidual) inputs.residual = 'float';
  const added = `${biased ? ' + bias_at(e % N)' : ''}${withResidual ? ' + residual_at(e)' : ''}`;
  return {
    key: `sum of parts${biased ? ' + bias' : ''}${withResidual ? ' + residual' : ''} ${activation}`,
    fragment: () =>
      fragment({
        inputs,
        outputs: ['float'],
        body: `
${activationSource(activation)}
uniform int parts, size, N;
float element(int e) {
  float sum = 0.0;
  for (int i = e; i < parts * size; i += size) sum += sums_at(i);
  return sum${added};
}
${FOUR_ELEMENTS('float', 'activate')}`,
      }),
  };
};

const smallKernel = (variant: Variant, withResidual: boolean, kind: Kind): Kernel => {
  const { transA, transB, biased, activation } = variant;
  return {
    key: `${keyOf(variant)}${withResidual ? ' + residual' : ''} small ${kind}`,
    fragment: () =>
      fragment({
        inputs: withResidual ? { ...inputsOf(biased, kind), residual: kind } : inputsOf(biased, kind),
        outputs: [kind],
        body: `
${activationSource(activation, kind)}
uniform int M, N, K, a_batch, b_batch;
${kind} element(int e) {
  int row = e / N, n = e - row * N, batch = row / M, m = row - batch * M;
  int pa = batch * a_batch + ${transA ? 'm' : 'm * K'};
  int pb = batch * b_batch + ${transB ? 'n * K' : 'n'};
  ${kind} sum = ${kind}(0);
  for (int k = 0; k < K; ++k) {
    sum += a_at(pa) * b_at(pb);
    pa += ${transA ? 'M' : '1'};
    pb += ${transB ? '1' : 'N'};
  }
  return sum${biased ? ' + bias_at(n)' : ''}${withResidual ? ' + residual_at(e)' : ''};
}
${FOUR_ELEMENTS(kind, 'activate')}`,
      }),
  };
};
