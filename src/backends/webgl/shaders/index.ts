/** The shader of each primitive: a missing one does not compile. */
import { conv2d, conv2dGradInput } from './conv/conv.js';
import { conv2dGradWeight } from './conv/grad-weight.js';
import { addToView } from './copy/add-to-view.js';
import { copy } from './copy/copy.js';
import { gather } from './copy/gather.js';
import { binary } from './elementwise/binary.js';
import { cast } from './elementwise/cast.js';
import { unary } from './elementwise/unary.js';
import { where } from './elementwise/where.js';
import { matmul } from './gemm/gemm.js';
import { normalize } from './normalize.js';
import { pool } from './pool.js';
import { random } from './random.js';
import { argReduce } from './reduce/arg-reduce.js';
import { cumulative } from './reduce/cumulative.js';
import { reduce } from './reduce/reduce.js';
import { softmax } from './reduce/softmax.js';
import type { Shaders } from './shader.js';
import { update } from './update.js';

export const SHADERS: Shaders = {
  fill: (painter, { memory }, value) => painter.fill(memory, value),
  cast,
  unary,
  binary,
  where,
  reduce,
  argReduce,
  cumulative,
  softmax,
  ...normalize,
  copy,
  addToView,
  ...gather,
  matmul,
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  ...pool,
  random,
  update,
};
