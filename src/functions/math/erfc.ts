import { elementwise } from '../nodes/elementwise.js';
import { exp } from './exp.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';
import { square } from './square.js';

/** dy/dx: −2/√π·exp(−x²). */
const SCALE = -2 / Math.sqrt(Math.PI);

/** 1 − erf(x), exact for large x; follows chainer.functions.erfc. */
export const erfc = elementwise('erfc', { ofInput: (x, gy) => mul(mul(exp(neg(square(x))), gy), SCALE) });
