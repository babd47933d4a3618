/** Functions as methods of variables. */
import { describe, expect, it } from 'vitest';
import { F, np, slice, Variable } from '../../src/index.js';

const a = new Variable(
  np.array([
    [1.5, -2, 3],
    [4, 5, -6],
  ]),
);
const b = new Variable(np.array([2, 3, 4]));

describe('methods of Variable are functions of F', () => {
  it.each<[name: string, method: Variable, fn: Variable]>([
    ['add', a.add(b), F.add(a, b)],
    ['add a number', a.add(1), F.add(a, 1)],
    ['sub', a.sub(b), F.sub(a, b)],
    ['mul', a.mul(b), F.mul(a, b)],
    ['div', a.div(b), F.div(a, b)],
    ['floordiv', a.floordiv(2), F.floordiv(a, 2)],
    ['pow', b.pow(b), F.pow(b, b)],
    ['neg', a.neg(), F.neg(a)],
    ['abs', a.abs(), F.absolute(a)],
    ['matmul', a.matmul(b), F.matmul(a, b)],
    ['at', a.at(':', slice(1, 3)), F.getItem(a, [':', slice(1, 3)])],
    ['sum', a.sum(0, true), F.sum(a, 0, true)],
    ['mean', a.mean(1), F.mean(a, 1)],
    ['prod', a.prod(), F.prod(a)],
    ['max', a.max(0), F.max(a, 0)],
    ['min', a.min([0, 1]), F.min(a, [0, 1])],
    ['argmax', a.argmax(1), F.argmax(a, 1)],
    ['argmin', a.argmin(), F.argmin(a)],
    ['reshape', a.reshape(3, 2), F.reshape(a, [3, 2])],
    ['reshape to a list', a.reshape([-1, 2]), F.reshape(a, [-1, 2])],
    ['flatten', a.flatten(), F.flatten(a)],
    ['swapaxes', a.swapaxes(0, -1), F.swapaxes(a, 0, -1)],
    ['squeeze', a.reshape(2, 1, 3).squeeze(1), a],
    ['astype', a.astype('int32'), F.cast(a, 'int32')],
    ['transpose', a.transpose([1, 0]), F.transpose(a, [1, 0])],
    ['T', a.T, F.transpose(a)],
    ['broadcastTo', b.broadcastTo([2, 3]), F.broadcastTo(b, [2, 3])],
  ])('%s', (_, method, fn) => {
    expect(method).toBeInstanceOf(Variable);
    expect([method.shape, method.dtype]).toEqual([fn.shape, fn.dtype]);
    expect(method.tolist()).toEqual(fn.tolist());
  });
});
