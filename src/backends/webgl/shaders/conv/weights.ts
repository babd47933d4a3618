/** The weights of a convolution, arranged for its kernel: a texel has four output channels. */

import type { Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import type { TextureMemory, TextureTensor } from '../../storage.js';
import { fragment } from '../glsl.js';

/** The strides of the weights by output and input channel, in elements, and whether the kernel is rotated by 180°. */
export interface WeightOrder {
  readonly outStride: number;
  readonly inStride: number;
  readonly turned: boolean;
}

/** Arranges weights in texels of four output channels: (groups, ⌈out/4⌉, in, kh, kw). */
export function arrangeWeights(
  painter: Painter,
  w: TextureTensor,
  { outStride, inStride, turned }: WeightOrder,
  groups: number,
  inChannels: number,
  outChannels: number,
): TextureMemory {
  const area = w.shape[2] * w.shape[3];
  const blocks = Math.ceil(outChannels / 4);
  return painter.arrangeWeight('implicit product', groups * blocks * inChannels * area * 4, (arranged) =>
    painter.draw(ARRANGE_WEIGHTS, {
      inputs: { w: w.memory },
      uniforms: {
        area,
        channels: inChannels,
        blocks,
        out_stride: outStride,
        in_stride: inStride,
        group_stride: inChannels * outChannels * area,
        // The n-th pixel of the rotated kernel is the n-th from the end.
        first: turned ? area - 1 : 0,
        direction: turned ? -1 : 1,
      },
      outputs: [arranged],
    }),
  );
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
