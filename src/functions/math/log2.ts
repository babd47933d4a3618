import { elementwise } from '../nodes/elementwise.js';
import { div } from './divide.js';
import { mul } from './multiply.js';

/** The logarithm to base 2; follows chainer.functions.log2. */
export const log2 = elementwise('log2', { ofInput: (x, gy) => div(gy, mul(x, Math.LN2)) });
