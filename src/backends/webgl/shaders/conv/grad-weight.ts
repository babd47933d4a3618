/**
 * The adjoint of convolution in its weights: for each weight, a sum over all pixels of all images. A fragment takes some lines of the output,
 * four output channels, and one row of the kernel for one or more input channels. It fills one layer for each input channel and kernel
 * column. A second pass sums the results of the fragments over the lines:
 *
 *     layer dc·kw + kx, texel (((part·groups + g)·blocks + o/4)·channelBlocks + c/n)·kh + ky, channel o & 3
 */

import { sizeOf } from '../../../shapes.js';
import type { Kernel } from '../../program-cache.js';
import { padColumns } from '../gemm/pad-columns.js';
import { FOUR_ELEMENTS, fragment } from '../glsl.js';
import type { Shader } from '../shader.js';
import { fourPixels, inputPitch, loadTexels } from './pixels.js';

/** The number of fragments that keep a GPU busy, and the most partial sums of an element. */
const ENOUGH_FRAGMENTS = 8192;
const MOST_PARTS = 128;

/** The most layers that a draw fills. */
const MOST_LAYERS = 8;

interface Tile {
  /** The number of input channels and of kernel columns of a fragment. */
  readonly channels: number;
  readonly columns: number;
}

/** out = the gradient of Σ gy·(x ⋆ w) in w. */
export const conv2dGradWeight: Shader<'conv2dGradWeight'> = (
  painter,
  x,
  gy,
  { stride, pad, dilation, groups },
  out,
) => {
  if (sizeOf(out.shape) === 0) return;
  if (sizeOf(gy.shape) === 0) {
    painter.fill(out.memory, 0);
    return;
  }
  const [images, inChannels, height, width] = x.shape;
  const [, outChannels, lines, outWidth] = gy.shape;
  const [, channels, kh, kw] = out.shape;
  const tile = tileOf(Math.min(MOST_LAYERS, painter.context.capabilities.maxDrawBuffers), kw, channels);
  const channelBlocks = Math.ceil(channels / tile.channels);
  const columnBlocks = Math.ceil(kw / tile.columns);
  const blocks = Math.ceil(outChannels / groups / 4);

  const gyPitch = Math.ceil(outWidth / 4);
  const needed = inputPitch(gyPitch, stride[1], (columnBlocks * tile.columns - 1) * dilation[1]);
  const fits = pad[1] === 0 && width % 4 === 0 && width >= 4 * needed;
  const pitch = fits ? width / 4 : needed;
  const image = padColumns(painter, x.memory, { rows: images * inChannels * height, width, pitch, left: pad[1] });
  const gradient = padColumns(painter, gy.memory, {
    rows: images * outChannels * lines,
    width: outWidth,
    pitch: gyPitch,
  });

  const fragments = groups * blocks * channelBlocks * columnBlocks * kh;
  const allLines = images * lines;
  const wanted = Math.min(MOST_PARTS, Math.ceil(ENOUGH_FRAGMENTS / fragments), allLines);
  const linesPerPart = Math.ceil(allLines / wanted);
  const parts = Math.ceil(allLines / linesPerPart);

  const sums = painter.borrow(parts * fragments * 4, 'float32', tile.channels * tile.columns);
  const shared = {
    kh,
    kw,
    groups,
    blocks,
    channels,
    channel_blocks: channelBlocks,
    out_channels: outChannels / groups,
  };
  painter.draw(partKernel(tile, columnBlocks, stride, dilation), {
    inputs: { x: image, gy: gradient },
    uniforms: {
      ...shared,
      all_lines: allLines,
      lines_per_part: linesPerPart,
      lines,
      gy_pitch: gyPitch,
      x_pitch: pitch,
      x_rows: height,
      top: pad[0],
    },
    outputs: [sums],
  });
  painter.draw(sumKernel(tile, columnBlocks), {
    inputs: { sums },
    uniforms: { ...shared, parts, fragments },
    outputs: [out.memory],
  });
};

/** As many whole kernel rows as the layers hold, or a part of one row that begins at a whole texel. */
function tileOf(layers: number, kw: number, channels: number): Tile {
  if (kw > layers) return { channels: 1, columns: layers & ~3 };
  return { channels: Math.min(channels, Math.floor(layers / kw)), columns: kw };
}

const COMMON = 'uniform int kh, kw, groups, blocks, channels, channel_blocks, out_channels;\n';

function partKernel(tile: Tile, columnBlocks: number, stride: readonly number[], dilation: readonly number[]): Kernel {
  const pairs = Array.from({ length: tile.channels * tile.columns }, (_, i) => ({
    i,
    channel: Math.floor(i / tile.columns),
    column: i % tile.columns,
  }));
  const place = (column: number) => column * dilation[1];
  const places = Array.from({ length: tile.columns }, (_, column) => place(column));
  const ofChannel = (channel: number) => `
        {
          int p = (plane + ${channel} * x_rows + row) * x_pitch + x4 * ${stride[1]} + first_texel;
          ${loadTexels(places, stride[1])}
          ${pairs
            .filter((pair) => pair.channel === channel)
            .map(({ i, column }) => `sum${i} += ${fourPixels(place(column), stride[1])} * g4;`)
            .join('\n          ')}
        }`;
  return {
    key: `conv2dGradWeight ${tile.channels}×${tile.columns} blocks ${columnBlocks} stride ${stride} dilation ${dilation}`,
    fragment: () =>
      fragment({
        inputs: { x: 'float', gy: 'float' },
        outputs: pairs.map(() => 'float' as const),
        body: `
${COMMON}uniform int all_lines, lines_per_part, lines, gy_pitch, x_pitch, x_rows, top;
void main() {
  int r = texel(), q = r / kh, ky = r - q * kh;
  r = q; q = r / ${columnBlocks};
  int first_texel = ((r - q * ${columnBlocks}) * ${tile.columns * dilation[1]}) >> 2;
  r = q; q = r / channel_blocks;
  int c = (r - q * channel_blocks) * ${tile.channels};
  r = q; q = r / blocks;
  int o = (r - q * blocks) * 4;
  int part = q / groups, g = q - part * groups;
${pairs.map(({ i }) => `  vec4 sum${i} = vec4(0.0);\n`).join('')}
  int end = min((part + 1) * lines_per_part, all_lines);
  for (int l = part * lines_per_part; l < end; ++l) {
    int image = l / lines, y = l - image * lines;
    int row = y * ${stride[0]} + ky * ${dilation[0]} - top;
    if (row < 0 || row >= x_rows) continue;
    int plane = ((image * groups + g) * channels + c) * x_rows;
    int gy_plane = ((image * groups + g) * out_channels + o) * lines + y;
    for (int x4 = 0; x4 < gy_pitch; ++x4) {
      mat4 g4 = mat4(${[0, 1, 2, 3].map((i) => `gy_texel((gy_plane + ${i} * lines) * gy_pitch + x4)`).join(', ')});
${Array.from({ length: tile.channels }, (_, channel) => ofChannel(channel)).join('')}
    }
  }
${pairs.map(({ i }) => `  out${i} = sum${i};\n`).join('')}}
`,
      }),
  };
}

const sumKernel = (tile: Tile, columnBlocks: number): Kernel => {
  return {
    key: `conv2dGradWeight sum ${tile.channels}×${tile.columns} blocks ${columnBlocks}`,
    fragment: () =>
      fragment({
        inputs: { sums: tile.channels * tile.columns === 1 ? 'float' : 'layers' },
        outputs: ['float'],
        body: `
${COMMON}uniform int parts, fragments;
float element(int e) {
  int r = e / kw, kx = e - r * kw, q = r / kh, ky = r - q * kh;
  int all = q / channels, c = q - all * channels;
  int g = all / out_channels, o = all - g * out_channels;
  int block = c / ${tile.channels}, column_block = kx / ${tile.columns};
  int t = (((g * blocks + (o >> 2)) * channel_blocks + block) * ${columnBlocks} + column_block) * kh + ky;
  int i = (c - block * ${tile.channels}) * ${tile.columns} + (kx - column_block * ${tile.columns});
  float sum = 0.0;
  for (int p = 0; p < parts; ++p) sum += pick(sums_texel(${tile.channels * tile.columns === 1 ? '' : 'i, '}p * fragments + t), o & 3);
  return sum;
}
${FOUR_ELEMENTS('float')}`,
      }),
  };
};
