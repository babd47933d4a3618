import { elementwise } from '../nodes/elementwise.js';
import { div } from './divide.js';
import { mul } from './multiply.js';

/** The logarithm to base 10; follows chainer.functions.log10. */
export const log10 = elementwise('log10', { ofInput: (x, gy) => div(gy, mul(x, Math.LN10)) });
