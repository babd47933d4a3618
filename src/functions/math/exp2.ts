import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';

/** 2ˣ; follows numpy.exp2. */
export const exp2 = elementwise('exp2', { ofOutput: (y, gy) => mul(mul(y, gy), Math.LN2) });
