/** All operators of ONNX that Rensa supports. */
import type { Operator } from '../call.js';
import { ACTIVATIONS } from './activations.js';
import { ELEMENTWISE } from './elementwise.js';
import { MOVEMENT } from './movement.js';
import { NORMALIZATIONS } from './normalization.js';
import { POOLING } from './pooling.js';
import { PRODUCTS } from './products.js';
import { RANDOM } from './random.js';
import { REDUCTIONS } from './reductions.js';
import { RESIZING } from './resize.js';
import { SHAPES } from './shapes.js';

/** The operators by their names in files. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>(
  Object.entries({
    ...ACTIVATIONS,
    ...ELEMENTWISE,
    ...MOVEMENT,
    ...NORMALIZATIONS,
    ...POOLING,
    ...PRODUCTS,
    ...RANDOM,
    ...REDUCTIONS,
    ...RESIZING,
    ...SHAPES,
  }),
);
