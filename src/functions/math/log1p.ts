import { elementwise } from '../nodes/elementwise.js';
import { add } from './add.js';
import { div } from './divide.js';

/** log(1 + x), exact for small x; follows chainer.functions.log1p. */
export const log1p = elementwise('log1p', { ofInput: (x, gy) => div(gy, add(x, 1)) });
