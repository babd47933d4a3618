import { elementwise } from '../nodes/elementwise.js';
import { div } from './divide.js';
import { mul } from './multiply.js';

/** √x; follows chainer.functions.sqrt. */
export const sqrt = elementwise('sqrt', { ofOutput: (y, gy) => div(gy, mul(y, 2)) });
