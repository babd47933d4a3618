import { elementwise } from '../nodes/elementwise.js';

/** The smallest integer not below x; no gradient flows through it. Follows chainer.functions.ceil. */
export const ceil = elementwise('ceil', null);
