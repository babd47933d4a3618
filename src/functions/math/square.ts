import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';

/** x²; follows chainer.functions.square. */
export const square = elementwise('square', { ofInput: (x, gy) => mul(mul(gy, x), 2) });
