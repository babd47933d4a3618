import { elementwise } from '../nodes/elementwise.js';

/** −1, 0 or 1; no gradient flows through it. Follows chainer.functions.sign. */
export const sign = elementwise('sign', null);
