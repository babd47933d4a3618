/**
 * The position of an extreme along one axis. A long axis takes two passes: each fragment finds the best position of a chunk, and a second
 * kernel compares the candidates.
 */

import type { ArgReduceOp } from '../../../ops.js';
import { around, sizeOf } from '../../../shapes.js';
import type { Kernel } from '../../program-cache.js';
import { type Kind, kindOf } from '../../storage.js';
import { FOUR_ELEMENTS, fragment } from '../glsl.js';
import type { Shader } from '../shader.js';

const BETTER = { argmax: '>', argmin: '<' } satisfies Record<ArgReduceOp, string>;

const LONGEST_WALK = 1024;

/** out = the int32 position along `axis` of the first extreme of x; a NaN is extreme. */
export const argReduce: Shader<'argReduce'> = (painter, op, x, axis, out) => {
  const outSize = sizeOf(out.shape);
  if (outSize === 0) return;
  const { n, inner } = around(x.shape, axis);
  const kind = kindOf(x.dtype);
  const chunks = n > LONGEST_WALK ? Math.ceil(Math.sqrt(n)) : 1;
  const chunk = Math.ceil(n / chunks);
  const [first, second] = [kernelFor(op, kind, false), kernelFor(op, kind, true)];
  const candidates = chunks > 1 ? painter.borrow(outSize * chunks, 'int32') : out.memory;
  painter.draw(first, { inputs: { x: x.memory }, uniforms: { n, inner, chunk, chunks }, outputs: [candidates] });
  if (chunks === 1) return;
  const inputs = { x: x.memory, candidates };
  painter.draw(second, { inputs, uniforms: { n, inner, chunk: chunks, chunks: 1 }, outputs: [out.memory] });
};

const kernelFor = (op: ArgReduceOp, kind: Kind, amongCandidates: boolean): Kernel => ({
  key: `${op} ${kind}${amongCandidates ? ' among candidates' : ''}`,
  fragment: () =>
    fragment({
      inputs: amongCandidates ? { x: kind, candidates: 'int' } : { x: kind },
      outputs: ['int'],
      body: `
uniform int n, inner, chunk, chunks;
int element(int e) {
  int i = e / chunks, start = (e - i * chunks) * chunk;
  int o = i / inner, base = o * n * inner + (i - o * inner);
  int end = ${amongCandidates ? 'chunk' : 'min(start + chunk, n)'};
  int best = 0;
  ${kind} extreme = ${kind}(0);
  for (int j = start; j < end; ++j) {
    int k = ${amongCandidates ? 'candidates_at(i * chunk + j)' : 'j'};
    ${kind} v = x_at(base + k * inner);
    if (j == start || (!isNotANumber(extreme) && (isNotANumber(v) || v ${BETTER[op]} extreme))) {
      best = k;
      extreme = v;
    }
  }
  return best;
}
${FOUR_ELEMENTS('int')}`,
    }),
});
