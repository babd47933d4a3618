/**
 * Takes slices of an array by index along an axis, and adds slices back. Indices may repeat, so there are two ways to add:
 *
 * - each element of the output searches all indices for its own: for every dtype, with (size of out)·(number of indices) steps;
 * - each element of x is a point that is blended into the output: for floats, on devices with float blending.
 */

import { around, sizeOf } from '../../../shapes.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf, type WebglDType } from '../../storage.js';
import { divisibleBy4 } from '../../views.js';
import { FOUR_ELEMENTS, fragment, pointVertex, VECTOR, wrap } from '../glsl.js';
import type { Family } from '../shader.js';

/** GLSL of `placeOf(index, n)`: negative indices count from the end; those outside [−n, n) give −1, read 0 and add nothing. */
const PLACE_OF_INDEX = `
int placeOf(int index, int n) {
  int place = index < 0 ? index + n : index;
  return place < n ? max(place, -1) : -1;
}
`;

/** Up to this many indices, the search is cheaper than points, which are slow one by one. */
const FEW_INDICES = 64;

/** Takes slices by index; and the adjoint. */
export const gather = {
  /** out[…, j, …] = x[…, indices[j], …] along `axis`. */
  gather(painter, x, indices, axis, out) {
    if (sizeOf(out.shape) === 0) return;
    const { n, inner } = around(x.shape, axis);
    const wide = divisibleBy4(inner);
    painter.draw(gatherKernel(kindOf(x.dtype), wide), {
      inputs: { x: x.memory, indices: indices.memory },
      uniforms: { n, inner: wide ? inner / 4 : inner, count: sizeOf(indices.shape) },
      outputs: [out.memory],
    });
  },

  /** out[…, indices[j], …] += x[…, j, …]. */
  scatterAdd(painter, x, indices, axis, out) {
    if (sizeOf(x.shape) === 0 || sizeOf(out.shape) === 0) return;
    const { n, inner } = around(out.shape, axis);
    const count = sizeOf(indices.shape);
    const wide = divisibleBy4(inner);
    const inputs = { x: x.memory, indices: indices.memory };
    const uniforms = { n, inner: wide ? inner / 4 : inner, count };
    if (count > FEW_INDICES && out.dtype === 'float32' && painter.context.capabilities.floatBlend) {
      const points = sizeOf(x.shape) / (wide ? 4 : 1);
      painter.addPoints(pointKernel(wide), points, inputs, uniforms, out.memory);
      return;
    }
    painter.draw(searchKernel(out.dtype, wide), {
      inputs: { ...inputs, old: out.memory },
      uniforms,
      outputs: [out.memory],
    });
  },
} satisfies Family;

/** Takes slices; `wide` slices have whole texels. */
const gatherKernel = (kind: Kind, wide: boolean): Kernel => ({
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

const searchKernel = (dtype: WebglDType, wide: boolean): Kernel => {
  const kind = kindOf(dtype);
  const type = wide ? VECTOR[kind] : kind;
  const read = (name: string, place: string) => `${name}_${wide ? 'texel' : 'at'}(${place})`;
  return {
    key: `scatterAdd ${dtype}${wide ? ' texels' : ''}`,
    fragment: () =>
      fragment({
        inputs: { x: kind, indices: 'int', old: kind } satisfies Record<string, Kind>,
        outputs: [kind],
        body: `
uniform int n, inner, count;${PLACE_OF_INDEX}
${type} element(int e) {
  int row = e / inner, o = row / n, k = row - o * n;
  int base = o * count * inner + (e - row * inner);
  ${type} sum = ${read('old', 'e')};
  for (int j = 0; j < count; ++j) {
    if (placeOf(indices_at(j), n) == k) sum += ${read('x', 'base + j * inner')};
  }
  return ${wrap(dtype, 'sum')};
}
${wide ? 'void main() { out0 = element(texel()); }' : FOUR_ELEMENTS(kind)}`,
      }),
  };
};

const pointKernel = (wide: boolean): Kernel => ({
  key: `scatterAdd points${wide ? ' of texels' : ''}`,
  vertex: () =>
    pointVertex(
      { x: 'float', indices: 'int' },
      `
uniform int n, inner, count;
flat out vec4 value;${PLACE_OF_INDEX}
void main() {
  int row = gl_VertexID / inner, o = row / count, k = placeOf(indices_at(row - o * count), n);
  int place = (o * n + k) * inner + (gl_VertexID - row * inner);
  ${
    wide
      ? 'value = x_texel(gl_VertexID); gl_Position = place_at(place);'
      : 'value = mix(vec4(0.0), vec4(x_at(gl_VertexID)), equal(ivec4(place & 3), ivec4(0, 1, 2, 3))); gl_Position = place_at(place >> 2);'
  }
  if (k < 0) gl_Position = vec4(2.0, 2.0, 0.0, 1.0); // outside the target: clipped
  gl_PointSize = 1.0;
}`,
    ),
  fragment: () => fragment({ outputs: ['float'], body: 'flat in vec4 value;\nvoid main() { out0 = value; }\n' }),
});
