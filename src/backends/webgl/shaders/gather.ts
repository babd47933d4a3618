/** Slices of an array taken by index along an axis. */

import type { Device } from '../device.js';
import type { Kernel } from '../program-cache.js';
import { type Kind, kindOf, type TextureTensor } from '../storage.js';
import { around, divisibleBy4, sizeOf } from '../views.js';
import { FOUR_ELEMENTS, fragment } from './glsl.js';

/** out[…, j, …] = x[…, indices[j], …] along `axis`. */
export function gather(
  device: Device,
  x: TextureTensor,
  indices: TextureTensor,
  axis: number,
  out: TextureTensor,
): void {
  if (sizeOf(out.shape) === 0) return;
  const { n, inner } = around(x.shape, axis);
  const wide = divisibleBy4(inner);
  device.draw(kernelFor(kindOf(x.dtype), wide), {
    inputs: { x: x.memory, indices: indices.memory },
    uniforms: { n, inner: wide ? inner / 4 : inner, count: sizeOf(indices.shape) },
    outputs: [out.memory],
  });
}

/** Slices of whole texels are moved as such. */
const kernelFor = (kind: Kind, wide: boolean): Kernel => ({
  key: `gather ${kind}${wide ? ' texels' : ''}`,
  fragment: () =>
    fragment({
      inputs: { x: kind, indices: 'int' },
      outputs: [kind],
      body: `
uniform int n, inner, count;
int place(int e) {
  int row = e / inner, o = row / count;
  return (o * n + indices_at(row - o * count)) * inner + (e - row * inner);
}
${
  wide
    ? 'void main() { out0 = x_texel(place(texel())); }'
    : `${kind} element(int e) { return x_at(place(e)); }\n${FOUR_ELEMENTS(kind)}`
}`,
    }),
});
