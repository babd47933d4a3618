/**
 * Convolution as an implicit matrix product, without a texture of unfolded windows. A fragment computes four neighbouring pixels of up to
 * eight output channels. It fetches each texel of an input row once, and takes from the texels, by swizzles, the four pixels that each
 * column of the kernel sees:
 *
 *     3×3, stride 1:   texels   [x0 x1 x2 x3][x4 x5 x6 x7]        pixels of column 0: x0 x1 x2 x3
 *                                                                              1: x1 x2 x3 x4
 *                                                                              2: x2 x3 x4 x5
 *
 * Weights are arranged in texels of four output channels. The adjoint in x uses the same shader, with input and output channels exchanged
 * and the kernel rotated by 180°; its strides spread the input with zeros instead of skipping outputs. An output pixel sees only those
 * pixels of a spread input that have its own phase, and tiles sort pixels by phase, so no zeros are multiplied. A large 1×1 convolution is a
 * matrix product: channels × channels times channels × pixels.
 */

import type { Activation } from '../../../ops.js';
import { sizeOf } from '../../../shapes.js';
import type { Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import type { Kind, TextureMemory, TextureTensor } from '../../storage.js';
import { activationSource } from '../gemm/epilogue.js';
import { isWorthPacking, packedProduct } from '../gemm/packed.js';
import { padColumns } from '../gemm/pad-columns.js';
import { Tiles } from '../gemm/tiles.js';
import { fragment } from '../glsl.js';
import type { Shader } from '../shader.js';
import { fourPixels, inputPitch, loadTexels } from './pixels.js';
import { arrangeWeights, type WeightOrder } from './weights.js';

type Pair = readonly [y: number, x: number];

/** A correlation: a convolution, or its adjoint in x. */
interface Correlation {
  readonly x: TextureTensor;
  readonly w: TextureTensor;
  readonly bias: TextureTensor | null;
  readonly residual: TextureTensor | null;
  readonly activation: Activation;
  readonly out: TextureTensor;
  readonly groups: number;
  readonly weights: WeightOrder;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** The place of the input's pixel 0 in the padded image; and the distance between neighbouring pixels of the input. */
  readonly start: Pair;
  readonly spread: Pair;
}

/** out = act(x ⋆ w + bias + residual). */
export const conv2d: Shader<'conv2d'> = (painter, x, w, bias, geometry, out, epilogue = {}) => {
  const { stride, pad, dilation, groups } = geometry;
  const { activation = 'none', residual = null } = epilogue;
  const [, channels, kh, kw] = w.shape;
  correlate(painter, {
    x,
    w,
    bias,
    residual,
    activation,
    out,
    groups,
    weights: { outStride: channels * kh * kw, inStride: kh * kw, turned: false },
    stride,
    dilation,
    start: pad,
    spread: [1, 1],
  });
};

/** The adjoint of conv2d in x. */
export const conv2dGradInput: Shader<'conv2dGradInput'> = (painter, gy, w, { stride, pad, dilation, groups }, out) => {
  const [, channels, kh, kw] = w.shape;
  correlate(painter, {
    x: gy,
    w,
    bias: null,
    residual: null,
    activation: 'none',
    out,
    groups,
    weights: { outStride: kh * kw, inStride: channels * kh * kw, turned: true },
    stride: [1, 1],
    dilation,
    start: [(kh - 1) * dilation[0] - pad[0], (kw - 1) * dilation[1] - pad[1]],
    spread: stride,
  });
};

/** The four input pixels that a column of the kernel sees, for output pixels of one phase. */
interface Column {
  /** The remainder of the output's column modulo the spread. */
  readonly phase: number;
  /** The kernel's column. */
  readonly kx: number;
  /** The column of the first pixel, counted from the fragment's place in the input row. */
  readonly place: number;
}

/**
 * The columns of a kernel by phase. Through kernel column kx, output column phase + i·spread sees the input column
 * ((phase + i·spread)·stride + kx·dilation − start) / spread, if that is an integer; stride or spread is 1. `left`: the number of zeros
 * at the beginning of a row that keep all places from being negative.
 */
function columnsOf(kw: number, stride: number, dilation: number, start: number, spread: number) {
  const columns = Array.from({ length: spread }, (_, phase) => phase).flatMap((phase) =>
    Array.from({ length: kw }, (_, kx): Column => ({ phase, kx, place: (phase + kx * dilation - start) / spread })),
  );
  const seen = columns.filter(({ place }) => Number.isInteger(place));
  const places = seen.map(({ place }) => place);
  const left = Math.max(0, -Math.min(...places));
  return {
    left,
    columns: seen.map((column) => ({ ...column, place: column.place + left })),
    /** The distance from a fragment's place to the farthest first pixel. */
    reach: Math.max(...places) + left,
    stride,
  };
}

/** Whether every output pixel sees only the input pixel at its own place. */
function isPointwise({ x, w, out, groups, stride, start, spread }: Correlation): boolean {
  const same = x.shape[2] === out.shape[2] && x.shape[3] === out.shape[3];
  const ones = [w.shape[2], w.shape[3], groups, ...stride, ...spread].every((n) => n === 1);
  return same && ones && start[0] === 0 && start[1] === 0;
}

function correlate(painter: Painter, correlation: Correlation): void {
  const { x, w, bias, residual, activation, out, groups, weights, stride, dilation, start, spread } = correlation;
  if (sizeOf(out.shape) === 0) return;
  const [images, inChannels, height, width] = x.shape;
  const [, outChannels, lines, outWidth] = out.shape;
  const [kh, kw] = w.shape.slice(2);
  const pixels = height * width;
  if (isPointwise(correlation) && isWorthPacking(images, outChannels, pixels, inChannels)) {
    const product = {
      batches: images,
      M: outChannels,
      N: pixels,
      K: inChannels,
      a: {
        memory: w.memory,
        batchStride: 0,
        lineStride: weights.outStride,
        termStride: weights.inStride,
        arrange: painter.arrangeWeight,
      },
      b: {
        memory: x.memory,
        batchStride: inChannels * pixels,
        lineStride: 1,
        termStride: pixels,
        arrange: painter.arrange,
      },
      bias: bias && ({ memory: bias.memory, along: 'rows' } as const),
      activation,
      residual: residual?.memory,
    };
    packedProduct(painter, product, out.memory);
    return;
  }
  const tiles = new Tiles(painter, {
    batches: images * groups,
    rows: outChannels / groups,
    lines,
    width: outWidth,
    spread,
  });

  const { left, columns, reach } = columnsOf(kw, stride[1], dilation[1], start[1], spread[1]);
  const needed = inputPitch(tiles.phasePitch, stride[1], reach);
  // An image without borders, whose rows are long enough, needs no padding.
  const fits = left === 0 && width % 4 === 0 && width >= 4 * needed;
  const pitch = fits ? width / 4 : needed;
  const image = padColumns(painter, x.memory, { rows: images * inChannels * height, width, pitch, left });
  const shape: KernelShape = {
    ksize: [kh, kw],
    stride,
    dilation: dilation[0],
    spread,
    columns,
    rows: tiles.rowsPerTile,
    biased: bias !== null,
    activation: residual ? 'none' : activation,
  };
  const inputs: Record<string, TextureMemory> = bias ? { bias: bias.memory } : {};
  const arranged = arrangeWeights(painter, w, weights, groups, inChannels / groups, outChannels / groups);
  tiles.draw(
    painter,
    correlationKernel(shape),
    { ...inputs, x: image, w: arranged },
    {
      groups,
      channels: inChannels / groups,
      out_channels: outChannels / groups,
      x_pitch: pitch,
      x_rows: height,
      top: start[0],
      phase_pitch: tiles.phasePitch,
    },
    out.memory,
    residual && { residual: residual.memory, activation },
  );
}

interface KernelShape {
  readonly ksize: Pair;
  readonly stride: Pair;
  /** The dilation of rows. The places of columns contain the dilation of columns. */
  readonly dilation: number;
  readonly spread: Pair;
  readonly columns: readonly Column[];
  /** Output channels of a tile. */
  readonly rows: number;
  readonly biased: boolean;
  readonly activation: Activation;
}

function correlationKernel(shape: KernelShape): Kernel {
  const { ksize, stride, dilation, spread, columns, rows, biased, activation } = shape;
  const [kh, kw] = ksize;
  const each = (line: (r: number) => string) => Array.from({ length: rows }, (_, r) => line(r)).join('');
  const quads = Array.from({ length: Math.ceil(rows / 4) }, (_, q) => q);
  const multiply = ({ kx, place }: Column) => `v = ${fourPixels(place, stride[1])};
${quads.map((q) => `k${q} = w_texel(q${q} + ${kx});\n`).join('')}${each((r) => `sum${r} += k${r >> 2}.${'xyzw'[r & 3]} * v;\n`)}`;
  const ofPhase = (phase: number) => {
    const seen = columns.filter((column) => column.phase === phase);
    const places = seen.map(({ place }) => place);
    return `{\n${loadTexels(places, stride[1])}${seen.map(multiply).join('')}}\n`;
  };
  const phases = Array.from({ length: spread[1] }, (_, phase) =>
    phase < spread[1] - 1 ? `if (phase == ${phase}) ${ofPhase(phase)} else ` : ofPhase(phase),
  ).join('');
  const inputs: Record<string, Kind> = { x: 'float', w: 'float' };
  if (biased) inputs.bias = 'float';
  const places = columns.map(({ phase, kx, place }) => `${phase}:${kx}:${place}`);
  return {
    key: `conv2d ${ksize} stride ${stride} dilation ${dilation} spread ${spread} columns ${places} tiles of ${rows}${biased ? ' + bias' : ''} ${activation}`,
    fragment: () =>
      fragment({
        inputs,
        outputs: Array.from({ length: rows }, () => 'float' as const),
        body: `
${activationSource(activation)}${Tiles.LOCATE}
uniform int groups, channels, out_channels, x_pitch, x_rows, top, phase_pitch;
void main() {
  int batch, block, slot, x4;
  locateTile(batch, block, slot, x4);
  int phase = x4 / phase_pitch;
  x4 -= phase * phase_pitch;
  int slots_of_phase = slots / ${spread[0]}, phase_y = slot / slots_of_phase;
  int y = phase_y + (slot - phase_y * slots_of_phase) * ${spread[0]};
  int g = batch % groups;
  int plane = batch * channels * x_rows;
  int quad = channels * ${kh * kw};
  int weights = (g * ((out_channels + 3) >> 2) + ((block * ${rows}) >> 2)) * quad;
${each((r) => `  vec4 sum${r} = vec4(0.0);\n`)}  vec4 v, ${quads.map((q) => `k${q}`).join(', ')};
  for (int ky = 0; ky < ${kh}; ++ky) {
    int row = y * ${stride[0]} + ky * ${dilation} - top;
    if (row < 0 || row % ${spread[0]} != 0) continue;
    row /= ${spread[0]};
    if (row >= x_rows) continue;
    int p = (plane + row) * x_pitch + x4 * ${stride[1]};
    ${quads.map((q) => `int q${q} = weights + ${q} * quad + ky * ${kw};`).join(' ')}
    for (int c = 0; c < channels; ++c) {
      ${phases}
      p += x_rows * x_pitch;
      ${quads.map((q) => `q${q} += ${kh * kw};`).join(' ')}
    }
  }
  int o = g * out_channels + block * ${rows};
${each((r) => `  out${r} = activate(sum${r}${biased ? ` + bias_at(o + ${r})` : ''});\n`)}}
`,
      }),
  };
}
