import { elementwise } from '../nodes/elementwise.js';
import { div } from './divide.js';

/** The natural logarithm; follows chainer.functions.log. */
export const log = elementwise('log', { ofInput: (x, gy) => div(gy, x) });
