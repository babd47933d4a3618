/** Softmax and its logarithm, in three passes: the maximum, the sum of exponentials, and the result. */

import { sizeOf } from '../../../shapes.js';
import type { TextureTensor } from '../../storage.js';
import { elementwise } from '../elementwise/elementwise.js';
import type { Shader } from '../shader.js';
import { reduceShifted } from './reduce.js';

/** out = exp(x − max) / Σ exp(x − max) along `axis`, or x − max − log Σ exp(x − max). */
export const softmax: Shader<'softmax'> = (painter, x, axis, log, out) => {
  const shape = x.shape.with(axis, 1);
  if (sizeOf(x.shape) === 0) return;
  const row = (): TextureTensor => ({ shape, dtype: 'float32', memory: painter.borrow(sizeOf(shape)) });
  const [max, sum] = [row(), row()];
  reduceShifted(painter, 'max', x, [axis], null, max);
  reduceShifted(painter, 'sumExp', x, [axis], max.memory, sum);
  elementwise(
    painter,
    {
      name: log ? 'logSoftmax' : 'softmax',
      body: log ? 'return (x - m) - logarithm(s);' : 'return exponential(x - m) / s;',
      uses: [log ? 'logarithm' : 'exponential'],
      operands: { x, m: max, s: sum },
    },
    out,
  );
};
