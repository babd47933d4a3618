/** How calls of Chainer are bound to Rensa's functions. */
import { describe, expect, test } from 'vitest';
import { bindCall, bindConstructor, camelCase } from './signatures.js';

const bind = (op: string, inputs: Record<string, unknown>, kwargs: Record<string, unknown> = {}) =>
  bindCall(op, new Map(Object.entries(inputs)), new Map(Object.entries(kwargs)));

test('camelCase', () => {
  const names = ['relu', 'max_pooling_2d', 'f1_score', 'batch_l2_norm_squared', 'depth2space', 'W'];
  expect(names.map(camelCase)).toEqual(['relu', 'maxPooling2d', 'f1Score', 'batchL2NormSquared', 'depth2space', 'W']);
});

describe('bindCall', () => {
  test('a positional prefix, and options behind it', () => {
    expect(bind('max_pooling_2d', { x: 'x' }, { ksize: 2, cover_all: false })).toEqual({
      name: 'maxPooling2d',
      args: ['x', 2, undefined, undefined, { coverAll: false }],
    });
  });

  test('nothing behind the last argument', () => {
    expect(bind('convolution_2d', { x: 'x', W: 'W' }, { stride: 2 }).args).toEqual(['x', 'W', undefined, 2]);
    expect(bind('sum', { x: 'x' }, { keepdims: true }).args).toEqual(['x', undefined, true]);
  });

  test('functions that no table lists', () => {
    expect(bind('some_day', { x: 'x', t: 't' }, { some_option: null })).toEqual({
      name: 'someDay',
      args: ['x', 't', { someOption: null }],
    });
  });

  test('lists, as they are or spread', () => {
    expect(bind('concat', { xs: ['a', 'b'] }, { axis: 0 }).args).toEqual([['a', 'b'], 0]);
    expect(bind('einsum', { operands: ['a', 'b'] }, { subscripts: 'i,i' }).args).toEqual(['i,i', 'a', 'b']);
    expect(bind('add_n', { xs: ['a', 'b', 'c'] })).toEqual({ name: 'add', args: ['a', 'b', 'c'] });
  });

  test('operators with scalars on either side', () => {
    expect(bind('sub', { a: 'a' }, { rhs: 2 }).args).toEqual(['a', 2]);
    expect(bind('sub', { a: 'a' }, { lhs: 2 }).args).toEqual([2, 'a']);
    expect(bind('sub', { a: 'a', b: 'b' }).args).toEqual(['a', 'b']);
  });
});

test('bindConstructor', () => {
  const kwargs = new Map<string, unknown>([
    ['eta', 0.5],
    ['alpha', 0.1],
  ]);
  expect(bindConstructor('Adam', kwargs)).toEqual([0.1, undefined, undefined, undefined, { eta: 0.5 }]);
  expect(bindConstructor('Unknown', new Map())).toEqual([]);
});
