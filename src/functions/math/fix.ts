import { elementwise } from '../nodes/elementwise.js';

/** x rounded towards 0; no gradient flows through it. Follows chainer.functions.fix. */
export const fix = elementwise('trunc', null);
