import { elementwise } from '../nodes/elementwise.js';
import { add } from './add.js';
import { mul } from './multiply.js';

/** eˣ − 1, exact for small x; follows chainer.functions.expm1. */
export const expm1 = elementwise('expm1', { ofOutput: (y, gy) => mul(add(y, 1), gy) });
