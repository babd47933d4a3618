/** Routines as methods of arrays. */
import { describe, expect, it } from 'vitest';
import { NDArray, np } from '../../src/index.js';

const a = np.array([
  [1.5, -2, 3],
  [4, 5, -6],
]);
const b = np.array([2, 3, 4]);

describe('methods of NDArray are routines of np', () => {
  it.each<[name: string, method: NDArray, routine: NDArray]>([
    ['add', a.add(b), np.add(a, b)],
    ['sub', a.sub(1), np.subtract(a, 1)],
    ['mul', a.mul(b), np.multiply(a, b)],
    ['div', a.div(b), np.divide(a, b)],
    ['floordiv', a.floordiv(b), np.floorDivide(a, b)],
    ['mod', a.mod(b), np.mod(a, b)],
    ['pow', a.pow(2), np.power(a, 2)],
    ['neg', a.neg(), np.negative(a)],
    ['abs', a.abs(), np.absolute(a)],
    ['matmul', a.matmul(b), np.matmul(a, b)],
    ['at', a.at(0, ':'), np.getItem(a, [0, ':'])],
    ['less', a.less(b), np.less(a, b)],
    ['logicalXor', a.greater(0).logicalXor(b.greater(2)), np.logicalXor(np.greater(a, 0), np.greater(b, 2))],
    ['maximum', a.maximum(b), np.maximum(a, b)],
    ['sign', a.sign(), np.sign(a)],
    ['clip', a.clip(-1, 2), np.clip(a, -1, 2)],
    ['flatten', a.flatten(), np.reshape(a, [-1])],
    ['ravel', a.ravel(), np.reshape(a, [-1])],
    ['T', a.T, np.transpose(a)],
    ['swapaxes', a.swapaxes(0, 1), np.swapaxes(a, 0, 1)],
    ['squeeze', a.reshape(1, 2, 3).squeeze(), a],
    ['broadcastTo', b.broadcastTo([2, 3]), np.broadcastTo(b, [2, 3])],
    ['take', a.take(np.array([1, 0], 'int32'), 0), np.take(a, np.array([1, 0], 'int32'), 0)],
    ['sum', a.sum(0), np.sum(a, 0)],
    ['prod', a.prod(1, true), np.prod(a, 1, true)],
    ['mean', a.mean(), np.mean(a)],
    ['var', a.var(0), np.var(a, 0)],
    ['std', a.std(1), np.std(a, 1)],
    ['max', a.max(), np.max(a)],
    ['min', a.min([0]), np.min(a, [0])],
    ['argmax', a.argmax(1), np.argmax(a, 1)],
    ['argmin', a.argmin(), np.argmin(a)],
    ['all', a.greater(0).all(1), np.all(np.greater(a, 0), 1)],
    ['any', a.greater(4.5).any(0), np.any(np.greater(a, 4.5), 0)],
    ['cumsum', a.cumsum(), np.cumsum(a)],
    ['cumprod', a.cumprod(1), np.cumprod(a, 1)],
  ])('%s', (_, method, routine) => {
    expect(method).toBeInstanceOf(NDArray);
    expect([method.shape, method.dtype]).toEqual([routine.shape, routine.dtype]);
    expect(method.tolist()).toEqual(routine.tolist());
  });
});

it('flatten copies and ravel shares', () => {
  const x = np.zeros([2, 2]);
  const [flat, shared] = [x.flatten(), x.ravel()];
  x.fill(7);
  expect(flat.tolist()).toEqual([0, 0, 0, 0]);
  expect(shared.tolist()).toEqual([7, 7, 7, 7]);
});
