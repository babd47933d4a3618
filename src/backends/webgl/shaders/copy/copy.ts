/**
 * Copies between strided views. A fragment finds its element of x by the inverse of the view `to`. Elements that the view does not visit keep
 * their values, because their fragments are discarded. There are three ways:
 *
 * - `texels`: both views move whole texels, with one fetch for each;
 * - `whole`: the view visits all four elements of an output's texel, or none;
 * - `channels`: otherwise, with one draw for each channel that masks the others.
 */

import { sizeOf } from '../../../shapes.js';
import { type InverseView, invertView } from '../../inverse-view.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf } from '../../storage.js';
import { divisibleBy4 } from '../../views.js';
import { fragment, VECTOR } from '../glsl.js';
import type { Shader } from '../shader.js';
import { inverseViewKey, inverseViewSource, inverseViewUniforms } from './inverse-view.js';

type Way = 'texels' | 'whole' | 'channels';

const CHANNELS = [0, 1, 2, 3] as const;

/** out[to] = x[from] for every index of `shape`. */
export const copy: Shader<'copy'> = (painter, x, from, out, to, shape) => {
  if (sizeOf(shape) === 0) return;
  const view = invertView(from, to, shape);
  const way = wayOf(view, out.memory.size);
  const kernel = kernelFor(way, view, kindOf(x.dtype));
  const [firstTexel, lastTexel] = [view.first >> 2, view.last >> 2];
  const uniforms = inverseViewUniforms(view, way === 'texels' ? 4 : 1);
  const draw = { inputs: { x: x.memory }, outputs: [out.memory] };
  if (way !== 'channels') {
    painter.draw(kernel, { ...draw, uniforms, region: { firstTexel, lastTexel } });
    return;
  }
  for (const channel of CHANNELS) {
    painter.draw(kernel, { ...draw, uniforms: { ...uniforms, channel }, region: { firstTexel, lastTexel, channel } });
  }
};

function wayOf({ ranged, looped, fromOffset, toOffset, first, last }: InverseView, outSize: number): Way {
  if (looped.length > 0 || ranged.length === 0) return outSize === 1 ? 'whole' : 'channels';
  const inner = ranged[ranged.length - 1];
  const outer = ranged.slice(0, -1);
  const rowsOfTexels = inner.to === 1 && divisibleBy4(inner.n, toOffset, ...outer.map(({ to }) => to));
  if (rowsOfTexels && inner.from === 1 && divisibleBy4(fromOffset, ...outer.map(({ from }) => from))) return 'texels';
  const visits = ranged.reduce((product, { n }) => product * n, 1);
  const everything = first === 0 && last === outSize - 1 && visits === outSize;
  return rowsOfTexels || everything ? 'whole' : 'channels';
}

const kernelFor = (way: Way, view: InverseView, kind: Kind): Kernel => ({
  key: `copy ${kind} ${way} ${inverseViewKey(view)}`,
  fragment: () =>
    fragment({ inputs: { x: kind }, outputs: [kind], body: `${inverseViewSource(view)}${MAIN[way](kind)}` }),
});

const MAIN = {
  texels: () => `
void main() {
  int t = source(texel(), 0);
  if (t < 0) discard;
  out0 = x_texel(t);
}
`,
  whole: (kind) => `
void main() {
  int place = texel() << 2;
  int first = source(place, 0);
  if (first < 0) discard;
  out0 = ${VECTOR[kind]}(
    x_at(first), x_at(source(place + 1, 0)), x_at(source(place + 2, 0)), x_at(source(place + 3, 0)));
}
`,
  channels: (kind) => `
uniform int channel;
void main() {
  int place = (texel() << 2) + channel;
  for (int l = 0; l < loops(); ++l) {
    int from = source(place, l);
    if (from >= 0) {
      out0 = ${VECTOR[kind]}(x_at(from));
      return;
    }
  }
  discard;
}
`,
} satisfies Record<Way, (kind: Kind) => string>;
