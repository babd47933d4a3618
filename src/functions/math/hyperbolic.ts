import { elementwise } from '../nodes/elementwise.js';
import { mul } from './multiply.js';

/** The hyperbolic sine; follows chainer.functions.sinh. */
export const sinh = elementwise('sinh', { ofInput: (x, gy) => mul(cosh(x), gy) });

/** The hyperbolic cosine; follows chainer.functions.cosh. */
export const cosh = elementwise('cosh', { ofInput: (x, gy) => mul(sinh(x), gy) });
