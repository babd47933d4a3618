import { elementwise } from '../nodes/elementwise.js';
import { exp } from './exp.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';
import { square } from './square.js';

/** dy/dx: 2/√π·exp(−x²). */
const SCALE = 2 / Math.sqrt(Math.PI);

/** The error function, 2/√π·∫₀ˣ exp(−t²) dt; follows chainer.functions.erf. */
export const erf = elementwise('erf', { ofInput: (x, gy) => mul(mul(exp(neg(square(x))), gy), SCALE) });
