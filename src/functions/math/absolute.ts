import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';
import { sign } from './sign.js';

/** |x|; follows chainer.functions.absolute. The gradient at 0 is 0. */
export const absolute = elementwise('absolute', { ofInput: (x, gy) => mul(gy, sign(x)) });
