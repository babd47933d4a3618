import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';
import { pow } from './power.js';

/** 1/√x; follows chainer.functions.rsqrt. */
export const rsqrt = elementwise('rsqrt', { ofOutput: (y, gy) => mul(mul(pow(y, 3), gy), -0.5) });
