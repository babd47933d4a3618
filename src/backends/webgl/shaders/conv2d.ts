/**
 * Convolution as an implicit matrix product: no texture of unfolded windows is made. A fragment computes four
 * neighbouring pixels of up to four output channels. Of each input row that its windows touch it fetches the texels
 * once, and takes from them by swizzles the four pixels that each column of the kernel sees:
 *
 *     3×3, stride 1:   texels   [x0 x1 x2 x3][x4 x5 x6 x7]        pixels of column 0: x0 x1 x2 x3
 *                                                                              1: x1 x2 x3 x4
 *                                                                              2: x2 x3 x4 x5
 *
 * Weights are rearranged into texels of four output channels. The adjoint in x is the same kernel, with the roles of
 * channels exchanged, the kernel turned around, and strides that spread the input instead of thinning the output.
 */

import type { Activation, Conv2dGeometry } from '../../backend.js';
import type { Device } from '../device.js';
import type { Kernel } from '../program-cache.js';
import type { Kind, TextureMemory, TextureTensor } from '../storage.js';
import { sizeOf } from '../views.js';
import { activationSource } from './epilogue.js';
import { fragment } from './glsl.js';
import { padColumns } from './pad-columns.js';
import { Tiles } from './tiles.js';

type Pair = readonly [y: number, x: number];

/** A correlation: what convolution and its adjoint in x have in common. */
interface Correlation {
  readonly x: TextureTensor;
  readonly w: TextureTensor;
  readonly bias: TextureTensor | null;
  readonly activation: Activation;
  readonly out: TextureTensor;
  readonly groups: number;
  readonly weights: WeightOrder;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Where the input's pixel 0 is in the padded image, and how far from pixel 1. */
  readonly start: Pair;
  readonly spread: Pair;
}

/** Strides of the weights by output and input channel, and whether the kernel is turned around. */
interface WeightOrder {
  readonly outStride: number;
  readonly inStride: number;
  readonly turned: boolean;
}

/** out = act(x ⋆ w + bias). */
export function conv2d(
  device: Device,
  x: TextureTensor,
  w: TextureTensor,
  bias: TextureTensor | null,
  { stride, pad, dilation, groups }: Conv2dGeometry,
  out: TextureTensor,
  activation: Activation,
): void {
  const [, channels, kh, kw] = w.shape;
  correlate(device, {
    x,
    w,
    bias,
    activation,
    out,
    groups,
    weights: { outStride: channels * kh * kw, inStride: kh * kw, turned: false },
    stride,
    dilation,
    start: pad,
    spread: [1, 1],
  });
}

/** The adjoint of conv2d in x. */
export function conv2dGradInput(
  device: Device,
  gy: TextureTensor,
  w: TextureTensor,
  { stride, pad, dilation, groups }: Conv2dGeometry,
  out: TextureTensor,
): void {
  const [, channels, kh, kw] = w.shape;
  correlate(device, {
    x: gy,
    w,
    bias: null,
    activation: 'none',
    out,
    groups,
    weights: { outStride: kh * kw, inStride: channels * kh * kw, turned: true },
    stride: [1, 1],
    dilation,
    start: [(kh - 1) * dilation[0] - pad[0], (kw - 1) * dilation[1] - pad[1]],
    spread: stride,
  });
}

/** Texels of an input row that a line of `pitch` output texels touches. */
export function inputPitch(pitch: number, stride: number, reach: number): number {
  return Math.ceil(((4 * pitch - 1) * stride + reach + 1) / 4);
}

function correlate(device: Device, correlation: Correlation): void {
  const { x, w, bias, activation, out, groups, weights, stride, dilation, start, spread } = correlation;
  if (sizeOf(out.shape) === 0) return;
  const [images, inChannels, height, width] = x.shape;
  const [, outChannels, lines, outWidth] = out.shape;
  const [kh, kw] = w.shape.slice(2);
  const tiles = new Tiles({ batches: images * groups, rows: outChannels / groups, lines, width: outWidth });

  const reach = (kw - 1) * dilation[1];
  const needed = inputPitch(tiles.pitch, stride[1], reach);
  // An image without borders whose rows are long enough is taken as it is.
  const fits = start[1] === 0 && spread[1] === 1 && width % 4 === 0 && width >= 4 * needed;
  const pitch = fits ? width / 4 : needed;
  const image = padColumns(device, x.memory, {
    rows: images * inChannels * height,
    width,
    pitch,
    left: start[1],
    step: spread[1],
  });
  const shape: KernelShape = {
    ksize: [kh, kw],
    stride,
    dilation,
    spread: spread[0],
    rows: tiles.rowsPerTile,
    biased: bias !== null,
    activation,
  };
  const inputs: Record<string, TextureMemory> = bias ? { bias: bias.memory } : {};
  tiles.draw(
    device,
    correlationKernel(shape),
    { ...inputs, x: image, w: arrangeWeights(device, w, weights, groups, inChannels / groups, outChannels / groups) },
    {
      groups,
      channels: inChannels / groups,
      out_channels: outChannels / groups,
      x_pitch: pitch,
      x_rows: height,
      top: start[0],
    },
    out.memory,
  );
}

/** Weights as texels of four output channels: (groups, ⌈out/4⌉, in, kh, kw). */
function arrangeWeights(
  device: Device,
  w: TextureTensor,
  { outStride, inStride, turned }: WeightOrder,
  groups: number,
  inChannels: number,
  outChannels: number,
): TextureMemory {
  const area = w.shape[2] * w.shape[3];
  const blocks = Math.ceil(outChannels / 4);
  const arranged = device.borrow(groups * blocks * inChannels * area * 4);
  device.draw(ARRANGE_WEIGHTS, {
    inputs: { w: w.memory },
    uniforms: {
      area,
      channels: inChannels,
      blocks,
      out_stride: outStride,
      in_stride: inStride,
      group_stride: inChannels * outChannels * area,
      // The kernel's last pixel minus its n-th is the n-th of the turned kernel.
      first: turned ? area - 1 : 0,
      direction: turned ? -1 : 1,
    },
    outputs: [arranged],
  });
  return arranged;
}

const ARRANGE_WEIGHTS: Kernel = {
  key: 'conv2d weights',
  fragment: () =>
    fragment({
      inputs: { w: 'float' },
      outputs: ['float'],
      body: `
uniform int area, channels, blocks, out_stride, in_stride, group_stride, first, direction;
void main() {
  int t = texel(), r = t / area, n = t - r * area;
  int q = r / channels, c = r - q * channels;
  int g = q / blocks, block = q - g * blocks;
  int p = g * group_stride + 4 * block * out_stride + c * in_stride + first + direction * n;
  out0 = vec4(w_at(p), w_at(p + out_stride), w_at(p + 2 * out_stride), w_at(p + 3 * out_stride));
}
`,
    }),
};

interface KernelShape {
  readonly ksize: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Distance of input rows in the padded image. */
  readonly spread: number;
  /** Output channels of a tile. */
  readonly rows: number;
  readonly biased: boolean;
  readonly activation: Activation;
}

/** For each column of a kernel, the four pixels that it sees, as GLSL, of texels `t0`, `t1`, … */
export function pixelsOfColumns(
  columns: number,
  stride: number,
  dilation: number,
): { texels: number; pixels: string[] } {
  const pixel = (place: number) => `t${place >> 2}.${'xyzw'[place & 3]}`;
  const pixels = Array.from({ length: columns }, (_, kx) => {
    const places = [0, 1, 2, 3].map((i) => i * stride + kx * dilation);
    return places[0] % 4 === 0 && stride === 1 ? `t${places[0] >> 2}` : `vec4(${places.map(pixel).join(', ')})`;
  });
  return { texels: ((3 * stride + (columns - 1) * dilation) >> 2) + 1, pixels };
}

function correlationKernel({ ksize, stride, dilation, spread, rows, biased, activation }: KernelShape): Kernel {
  const [kh, kw] = ksize;
  const { texels, pixels } = pixelsOfColumns(kw, stride[1], dilation[1]);
  const each = (line: (r: number) => string) => Array.from({ length: rows }, (_, r) => line(r)).join('');
  const inputs: Record<string, Kind> = { x: 'float', w: 'float' };
  if (biased) inputs.bias = 'float';
  return {
    key: `conv2d ${ksize} stride ${stride} dilation ${dilation} spread ${spread} tiles of ${rows}${biased ? ' + bias' : ''} ${activation}`,
    fragment: () =>
      fragment({
        inputs,
        outputs: Array.from({ length: rows }, () => 'float' as const),
        body: `
${activationSource(activation)}${Tiles.LOCATE}
uniform int groups, channels, out_channels, x_pitch, x_rows, top;
void main() {
  int batch, block, y, x4;
  locateTile(batch, block, y, x4);
  int g = batch % groups;
  int plane = batch * channels * x_rows;
  int weights = (g * ((out_channels + 3) >> 2) + ((block * ${rows}) >> 2)) * channels * ${kh * kw};
${each((r) => `  vec4 sum${r} = vec4(0.0);\n`)}
  for (int c = 0; c < channels; ++c) {
    for (int ky = 0; ky < ${kh}; ++ky) {
      int row = y * ${stride[0]} + ky * ${dilation[0]} - top;
      ${spread > 1 ? `if (row < 0 || row % ${spread} != 0) continue;\n      row /= ${spread};` : ''}
      if (row < 0 || row >= x_rows) continue;
      int p = (plane + row) * x_pitch + x4 * ${stride[1]};
      int q = weights + ky * ${kw};
${Array.from({ length: texels }, (_, i) => `      vec4 t${i} = x_texel(p + ${i});\n`).join('')}      vec4 v, k;
${pixels
  .map(
    (pixel, kx) =>
      `      v = ${pixel};\n      k = w_texel(q + ${kx});\n${each((r) => `      sum${r} += k.${'xyzw'[r]} * v;\n`)}`,
  )
  .join('')}    }
    plane += x_rows;
    weights += ${kh * kw};
  }
  int o = g * out_channels + block * ${rows};
${each((r) => `  out${r} = activate(sum${r}${biased ? ` + bias_at(o + ${r})` : ''});\n`)}}
`,
      }),
  };
}
