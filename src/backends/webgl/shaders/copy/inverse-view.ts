/** GLSL of an inverse view: from a place in the output to the places of its elements in the input. */

import type { InverseView } from '../../inverse-view.js';
import type { Uniform } from '../../painter.js';

/** The part of a kernel's key that names the variant of {@link inverseViewSource}. */
export const inverseViewKey = ({ ranged, looped }: InverseView): string =>
  `ranged ${ranged.length} looped ${looped.length}`;

/**
 * Declares the uniforms of {@link inverseViewUniforms} and
 *
 * - `int loops()`: the number of combinations of looped coordinates;
 * - `int source(int place, int l)`: the place of the input's element that the l-th combination brings to `place`, or −1.
 */
export function inverseViewSource({ ranged, looped }: InverseView): string {
  const range = (k: number) => `
  c = rest / to_strides[${k}];
  if (c >= sizes[${k}]) return -1;
  rest -= c * to_strides[${k}];
  from += c * from_strides[${k}];`;
  const loop = (k: number) => `
  c = l % loop_sizes[${k}];
  l /= loop_sizes[${k}];
  rest -= c * loop_to_strides[${k}];
  from += c * loop_from_strides[${k}];`;
  return `
uniform int from_offset, to_offset;
${ranged.length > 0 ? `uniform int ${['sizes', 'from_strides', 'to_strides'].map((name) => `${name}[${ranged.length}]`).join(', ')};` : ''}
${looped.length > 0 ? `uniform int ${['loop_sizes', 'loop_from_strides', 'loop_to_strides'].map((name) => `${name}[${looped.length}]`).join(', ')};` : ''}
int loops() { return ${['1', ...looped.map((_, k) => `loop_sizes[${k}]`)].join(' * ')}; }
int source(int place, int l) {
  int rest = place - to_offset, from = from_offset, c;
${looped.map((_, k) => loop(k)).join('')}
  if (rest < 0) return -1;
${ranged.map((_, k) => range(k)).join('')}
  return rest == 0 ? from : -1;
}
`;
}

/** The uniforms of a view, in units of `unit` elements: 4 for a view that moves whole texels. */
export function inverseViewUniforms(view: InverseView, unit: 1 | 4 = 1): Record<string, Uniform> {
  const { fromOffset, toOffset, ranged, looped } = view;
  const inUnits = (stride: number) => (stride === 1 ? 1 : stride / unit);
  const uniforms: Record<string, Uniform> = { from_offset: fromOffset / unit, to_offset: toOffset / unit };
  if (ranged.length > 0) {
    uniforms.sizes = ranged.map(({ n, to }) => (to === 1 ? Math.ceil(n / unit) : n));
    uniforms.from_strides = ranged.map(({ from, to }) => (to === 1 ? from : from / unit));
    uniforms.to_strides = ranged.map(({ to }) => inUnits(to));
  }
  if (looped.length > 0) {
    uniforms.loop_sizes = looped.map(({ n }) => n);
    uniforms.loop_from_strides = looped.map(({ from }) => from);
    uniforms.loop_to_strides = looped.map(({ to }) => to);
  }
  return uniforms;
}
