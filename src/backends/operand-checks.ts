/**
 * What each primitive checks before it computes: a known operation, dtypes that it has kernels for, windows that kernels can count.
 * All backends call these checks, so all refuse the same calls.
 */

import type { Calls } from './arguments.js';
import { assertConvolution, assertPooling } from './geometry.js';
import {
  assertDType,
  assertFloating,
  assertKnown,
  assertNumbers,
  assertProduct,
  typedOperand,
} from './kernel-dtypes.js';
import {
  ARG_REDUCE_OPS,
  BINARY_KINDS,
  BINARY_OPS,
  CUMULATIVE_OPS,
  fillsBool,
  RANDOM_KINDS,
  REDUCE_OPS,
  UNARY_KINDS,
  UNARY_OPS,
  UPDATE_RULES,
} from './ops.js';
import type { Tensor } from './primitives.js';

/** A primitive that takes elements of x, or adds to elements of out, at int32 indices. */
function indexed(op: string, x: Tensor, indices: Tensor, out: Tensor): void {
  assertDType(op, x.dtype, out);
  assertDType(op, 'int32', indices);
}

/** The checks of each primitive. @throws DTypeError, ShapeError, ValueError */
export const CHECKS = {
  fill() {},
  cast() {},
  unary(op, x, out) {
    assertKnown(op, UNARY_OPS);
    const kind = UNARY_KINDS[op];
    if (kind === 'test') assertDType(op, 'bool', out);
    else if (kind === 'numbers') assertNumbers(op, x, out);
    else assertFloating(op, x, out);
  },
  binary(op, a, b, out) {
    assertKnown(op, BINARY_OPS);
    const x = typedOperand(a, b, out);
    assertDType(op, x.dtype, a, b);
    if (BINARY_KINDS[op] === 'floats') assertFloating(op, x, out);
    else assertDType(op, fillsBool(op) ? 'bool' : x.dtype, out);
  },
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
} satisfies Calls;
