/** The shaders of all primitives. One that lacks does not compile. */
import type { KernelTable } from '../../kernel-table.js';
import type { Painter } from '../painter.js';
import type { TextureTensor } from '../storage.js';
import { conv2d, conv2dGradInput } from './conv/conv.js';
import { conv2dGradWeight } from './conv/grad-weight.js';
import { addToView } from './copy/add-to-view.js';
import { copy } from './copy/copy.js';
import { gather } from './copy/gather.js';
import { scatterAdd } from './copy/scatter-add.js';
import { binary } from './elementwise/binary.js';
import { cast } from './elementwise/cast.js';
import { unary } from './elementwise/unary.js';
import { where } from './elementwise/where.js';
import { matmul } from './gemm/gemm.js';
import { affine, comoments, moments } from './normalize.js';
import { averagePool2d, averagePool2dGrad, maxPool2d, maxPool2dGather, maxPool2dGrad } from './pool.js';
import { random } from './random.js';
import { argReduce } from './reduce/arg-reduce.js';
import { cumulative } from './reduce/cumulative.js';
import { reduce } from './reduce/reduce.js';
import { softmax } from './reduce/softmax.js';
import { update } from './update.js';

export const SHADERS: KernelTable<Painter, TextureTensor> = {
  fill: (painter, { memory }, value) => painter.fill(memory, value),
  cast,
  unary,
  binary,
  where,
  reduce,
  argReduce,
  cumulative,
  softmax,
  moments,
  comoments,
  affine,
  copy,
  addToView,
  gather,
  scatterAdd,
  matmul,
  conv2d,
  conv2dGradInput,
  conv2dGradWeight,
  maxPool2d,
  maxPool2dGrad,
  maxPool2dGather,
  averagePool2d,
  averagePool2dGrad,
  random,
  update,
};
