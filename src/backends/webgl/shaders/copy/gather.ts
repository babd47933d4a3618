/** Slices of an array taken by index along an axis. What indices mean is said in {@link PLACE_OF_INDEX}. */

import { sizeOf } from '../../../shapes.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf } from '../../storage.js';
import { around, divisibleBy4 } from '../../views.js';
import { FOUR_ELEMENTS, fragment, VECTOR } from '../glsl.js';
import type { Shader } from '../shader.js';

/** Declares `placeOf(index, n)`: negative indices count from the end, and those outside [−n, n) are −1: they read 0 and add nothing. */
export const PLACE_OF_INDEX = `
int placeOf(int index, int n) {
  int place = index < 0 ? index + n : index;
  return place < n ? max(place, -1) : -1;
}
`;

/** out[…, j, …] = x[…, indices[j], …] along `axis`. */
export const gather: Shader<'gather'> = (painter, x, indices, axis, out) => {
  if (sizeOf(out.shape) === 0) return;
  const { n, inner } = around(x.shape, axis);
  const wide = divisibleBy4(inner);
  painter.draw(kernelFor(kindOf(x.dtype), wide), {
    inputs: { x: x.memory, indices: indices.memory },
    uniforms: { n, inner: wide ? inner / 4 : inner, count: sizeOf(indices.shape) },
    outputs: [out.memory],
  });
};

/** Slices of whole texels are moved as such. */
const kernelFor = (kind: Kind, wide: boolean): Kernel => ({
  key: `gather ${kind}${wide ? ' texels' : ''}`,
  fragment: () => {
    const type = wide ? VECTOR[kind] : kind;
    return fragment({
      inputs: { x: kind, indices: 'int' },
      outputs: [kind],
      body: `
uniform int n, inner, count;${PLACE_OF_INDEX}
${type} element(int e) {
  int row = e / inner, o = row / count, k = placeOf(indices_at(row - o * count), n);
  if (k < 0) return ${type}(0);
  return x_${wide ? 'texel' : 'at'}((o * n + k) * inner + (e - row * inner));
}
${wide ? 'void main() { out0 = element(texel()); }' : FOUR_ELEMENTS(kind)}`,
    });
  },
});
