import { elementwise } from '../nodes/elementwise.js';

/** The largest integer not above x; no gradient flows through it. Follows chainer.functions.floor. */
export const floor = elementwise('floor', null);
