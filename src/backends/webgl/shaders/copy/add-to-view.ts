/**
 * Adds an array to a view that may visit elements many times. A first pass sums the dimensions with stride 0. Then each fragment gathers, by
 * the inverse of the view, all terms of its elements. Nothing is scattered, so the result does not depend on an order.
 */

import { sizeOf, stridesOf } from '../../../shapes.js';
import { type InverseView, invertView } from '../../inverse-view.js';
import type { Painter } from '../../painter.js';
import type { Kernel } from '../../program-cache.js';
import { kindOf, type TextureTensor, type WebglDType } from '../../storage.js';
import { FOUR_ELEMENTS, fragment, wrap } from '../glsl.js';
import { reduce } from '../reduce/reduce.js';
import type { Shader } from '../shader.js';
import { inverseViewKey, inverseViewSource, inverseViewUniforms } from './inverse-view.js';

/** out[to] += x. */
export const addToView: Shader<'addToView'> = (painter, x, out, to) => {
  if (sizeOf(x.shape) === 0) return;
  const repeated = [...x.shape.keys()].filter((axis) => to.strides[axis] === 0 && x.shape[axis] > 1);
  const terms = repeated.length > 0 ? sumOver(painter, x, repeated) : x;
  const view = invertView({ offset: 0, strides: stridesOf(terms.shape) }, to, terms.shape);
  painter.draw(kernelFor(view, x.dtype), {
    inputs: { x: terms.memory, old: out.memory },
    uniforms: inverseViewUniforms(view),
    outputs: [out.memory],
  });
};

function sumOver(painter: Painter, x: TextureTensor, axes: readonly number[]): TextureTensor {
  const shape = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const sum = { shape, dtype: x.dtype, memory: painter.borrow(sizeOf(shape), x.dtype) };
  reduce(painter, 'sum', x, axes, sum);
  return sum;
}

const kernelFor = (view: InverseView, dtype: WebglDType): Kernel => {
  const kind = kindOf(dtype);
  return {
    key: `addToView ${dtype} ${inverseViewKey(view)}`,
    fragment: () =>
      fragment({
        inputs: { x: kind, old: kind },
        outputs: [kind],
        body: `${inverseViewSource(view)}
${kind} element(int place) {
  ${kind} sum = old_at(place);
  for (int l = 0; l < loops(); ++l) {
    int from = source(place, l);
    if (from >= 0) sum += x_at(from);
  }
  return ${wrap(dtype, 'sum')};
}
${FOUR_ELEMENTS(kind)}`,
      }),
  };
};
