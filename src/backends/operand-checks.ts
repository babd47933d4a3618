/**
 * What each primitive asks of its arguments before it computes: a known operation, dtypes that it has kernels for, windows that kernels can
 * count. Every backend asks here, so all refuse the same. `unary` and `binary` are in `kernel-dtypes.ts`, where a backend may ask
 * sooner whether they need to be asked at all.
 */

import { assertConvolution, assertPooling } from './geometry.js';
import { assertDType, assertFloating, assertKnown, assertProduct } from './kernel-dtypes.js';
import { ARG_REDUCE_OPS, CUMULATIVE_OPS, RANDOM_KINDS, REDUCE_OPS, UPDATE_RULES } from './ops.js';
import type { Primitive, Primitives, Tensor } from './primitives.js';

/** Elements are taken from x, or added to out, at the places of int32 indices. */
function indexed(op: string, x: Tensor, indices: Tensor, out: Tensor): void {
  assertDType(op, x.dtype, out);
  assertDType(op, 'int32', indices);
}

/** By primitive, with its arguments. @throws DTypeError, ShapeError, ValueError */
export const CHECKS = {
  where(condition, a, b, out) {
    assertDType('where', 'bool', condition);
    assertDType('where', out.dtype, a, b);
  },
  reduce(op, x, _axes, out) {
    assertKnown(op, REDUCE_OPS);
    assertDType(op, x.dtype, out);
  },
  argReduce(op, _x, _axis, out) {
    assertKnown(op, ARG_REDUCE_OPS);
    assertDType(op, 'int32', out);
  },
  cumulative(op, x, _axis, out) {
    assertKnown(op, CUMULATIVE_OPS);
    assertDType(op, x.dtype, out);
  },
  softmax(x, _axis, _log, out) {
    assertFloating('softmax', x, out);
  },
  moments(x, _axes, mean, variance) {
    assertFloating('moments', x, mean, variance);
  },
  comoments(x, center, y, _axes, sum, product) {
    assertFloating('comoments', x, center, y, sum, product);
  },
  affine(x, { center, scale, shift }, addend, out) {
    assertFloating('affine', x, center, scale, shift, addend?.y, addend?.scale, out);
  },
  copy(x, _from, out) {
    assertDType('copy', x.dtype, out);
  },
  addToView(x, out) {
    assertDType('addToView', x.dtype, out);
  },
  gather(x, indices, _axis, out) {
    indexed('gather', x, indices, out);
  },
  scatterAdd(x, indices, _axis, out) {
    indexed('scatterAdd', x, indices, out);
  },
  matmul(a, b, out, options) {
    assertProduct('matmul', a, b, out, options?.bias, options?.residual);
  },
  conv2d(x, w, bias, geometry, out, epilogue) {
    assertFloating('conv2d', x, w, bias, out, epilogue?.residual);
    assertConvolution('conv2d', x, w, geometry, out);
  },
  conv2dGradInput(gy, w, geometry, out) {
    assertFloating('conv2dGradInput', gy, w, out);
    assertConvolution('conv2dGradInput', out, w, geometry, gy);
  },
  conv2dGradWeight(x, gy, geometry, out) {
    assertFloating('conv2dGradWeight', x, gy, out);
    assertConvolution('conv2dGradWeight', x, out, geometry, gy);
  },
  maxPool2d(x, geometry, out, indices) {
    indexed('maxPool2d', x, indices, out);
    assertPooling('maxPool2d', x, geometry, out);
  },
  maxPool2dGrad(gy, indices, geometry, out) {
    assertFloating('maxPool2dGrad', gy);
    indexed('maxPool2dGrad', gy, indices, out);
    assertPooling('maxPool2dGrad', out, geometry, gy);
  },
  maxPool2dGather(x, indices, geometry, out) {
    assertFloating('maxPool2dGather', x);
    indexed('maxPool2dGather', x, indices, out);
    assertPooling('maxPool2dGather', x, geometry, out);
  },
  averagePool2d(x, geometry, out) {
    assertFloating('averagePool2d', x, out);
    assertPooling('averagePool2d', x, geometry, out);
  },
  averagePool2dGrad(gy, geometry, out) {
    assertFloating('averagePool2dGrad', gy, out);
    assertPooling('averagePool2dGrad', out, geometry, gy);
  },
  random(kind, _seed, _stream, out) {
    assertKnown(kind, RANDOM_KINDS);
    assertFloating('random', out);
  },
  update(rule, param, grad, states) {
    assertKnown(rule, UPDATE_RULES);
    assertFloating(rule, param, grad);
    for (const state of states) assertDType(rule, param.dtype, state);
  },
} satisfies { [Name in Primitive]?: (...args: Parameters<Primitives[Name]>) => void };
