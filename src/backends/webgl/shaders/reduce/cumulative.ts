/**
 * Running sums and products along an axis, in passes. After the first pass, each element covers the last RADIX elements up to itself, after
 * the second RADIX², and so on. Rounding errors grow with the number of passes, not with the length of the axis.
 */

import type { CumulativeOp } from '../../../ops.js';
import { around, sizeOf } from '../../../shapes.js';
import type { Kernel } from '../../program-cache.js';
import { kindOf, type WebglDType } from '../../storage.js';
import { FOUR_ELEMENTS, fragment, wrap } from '../glsl.js';
import type { Shader } from '../shader.js';

const RADIX = 16;

const JOIN = {
  cumsum: { identity: 0, operator: '+' },
  cumprod: { identity: 1, operator: '*' },
} satisfies Record<CumulativeOp, { identity: number; operator: string }>;

/** out[…, j, …] = x[…, 0, …] ∘ … ∘ x[…, j, …] along `axis`. */
export const cumulative: Shader<'cumulative'> = (painter, op, x, axis, out) => {
  const size = sizeOf(out.shape);
  if (size === 0) return;
  const { n, inner } = around(x.shape, axis);
  let source = x.memory;
  for (let step = 1; step === 1 || step < n; step *= RADIX) {
    const target = step * RADIX < n ? painter.borrow(size, x.dtype) : out.memory;
    painter.draw(kernelFor(op, x.dtype), { inputs: { x: source }, uniforms: { n, inner, step }, outputs: [target] });
    source = target;
  }
};

const kernelFor = (op: CumulativeOp, dtype: WebglDType): Kernel => {
  const kind = kindOf(dtype);
  const { identity, operator } = JOIN[op];
  return {
    key: `${op} ${dtype}`,
    fragment: () =>
      fragment({
        inputs: { x: kind },
        outputs: [kind],
        body: `
uniform int n, inner, step;
${kind} element(int e) {
  int j = (e / inner) % n;
  ${kind} a = ${kind}(${identity});
  for (int k = 0; k < ${RADIX} && j >= 0; ++k) {
    a = a ${operator} x_at(e - k * step * inner);
    j -= step;
  }
  return ${wrap(dtype, 'a')};
}
${FOUR_ELEMENTS(kind)}`,
      }),
  };
};
