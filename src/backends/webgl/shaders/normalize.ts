/** The parts of normalization: moments and sums of centred products, in several passes over x, and affine maps, in one. */

import { sizeOf } from '../../shapes.js';
import type { TextureTensor } from '../storage.js';
import { binary } from './elementwise/binary.js';
import { elementwise } from './elementwise/elementwise.js';
import { reduce, reduceShifted } from './reduce/reduce.js';
import type { Family } from './shader.js';

/** The result of a reduction with the reduced axes as 1: it broadcasts to x. */
const broadcasting = (x: TextureTensor, axes: readonly number[], result: TextureTensor): TextureTensor => ({
  ...result,
  shape: x.shape.map((n, k) => (axes.includes(k) ? 1 : n)),
});

/** Moments, sums of centred products, and affine maps. */
export const normalize = {
  /** mean = Σ x / n, variance = Σ (x − mean)² / n. */
  moments(painter, x, axes, mean, variance) {
    const count = axes.reduce((n, k) => n * x.shape[k], 1);
    reduce(painter, 'sum', x, axes, mean);
    binary(painter, 'divide', mean, count, mean);
    reduceShifted(painter, 'sumSquares', x, axes, mean.memory, variance);
    binary(painter, 'divide', variance, count, variance);
  },

  /** sum = Σ y, product = Σ y·(x − center). */
  comoments(painter, x, center, y, axes, sum, product) {
    reduce(painter, 'sum', y, axes, sum);
    const products: TextureTensor = { ...x, memory: painter.borrow(sizeOf(x.shape)) };
    const operands = { x, c: broadcasting(x, axes, center), y };
    elementwise(painter, { name: 'centredProduct', body: 'return y * (x - c);', operands }, products);
    reduce(painter, 'sum', products, axes, product);
  },

  /** out = (x − center)·scale + shift (+ y·factor). */
  affine(painter, x, { center, scale, shift }, addend, out) {
    const body = `return (x - center) * scale + shift${addend ? ' + y * factor' : ''};`;
    const operands = { x, center, scale, shift, ...(addend && { y: addend.y, factor: addend.scale }) };
    elementwise(painter, { name: addend ? 'affine2' : 'affine', body, operands }, out);
  },
} satisfies Family;
