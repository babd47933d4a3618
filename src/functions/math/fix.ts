import { elementwise } from '../nodes/elementwise.js';

/** x without its fraction; no gradient flows through it. Follows chainer.functions.fix. */
export const fix = elementwise('trunc', null);
