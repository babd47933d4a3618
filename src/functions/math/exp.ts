import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';

/** eˣ; follows chainer.functions.exp. */
export const exp = elementwise('exp', { ofOutput: (y, gy) => mul(y, gy) });
