/** Indices and whole numbers in eager and compiled functions on WebGL2. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, F, IndexError, init, np, parseOnnx, Variable, type VariableLike } from '../../src/index.js';

beforeAll(() => init({ device: 'webgl' }));

const arrayOf = (x: VariableLike) => (x instanceof Variable ? x.array : x);

describe('on webgl', () => {
  test('np.take refuses indices out of range, and counts negative ones from the end', () => {
    const x = np.array([10, 20, 30]);
    expect(np.take(x, np.array([-1, 0], 'int32'), 0).tolist()).toEqual([30, 10]);
    for (const index of [3, -4, 2 ** 31 - 1]) {
      expect(() => np.take(x, np.array([index], 'int32'), 0)).toThrow(IndexError);
    }
    expect(() => x.at([0.5])).toThrow(IndexError);
  });

  test('labels of other rows read zeros, and leave the other gradients alone', () => {
    const table = new Variable(np.ones([3, 4]));
    const rows = F.embedId(np.array([5, 1, 1_000_000], 'int32'), table);
    expect(rows.array.tolist()).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    F.sum(rows).backward();
    expect(table.grad?.tolist()).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
  });

  test('a compiled take, and the same from its ONNX file', () => {
    const x = np.array([10, 20, 30]);
    const pick = compile((indices) => np.take(x, arrayOf(indices), 0), [np.array([0, 1], 'int32')]);
    const loaded = parseOnnx(pick.toOnnx());
    for (const [indices, want] of [
      [
        [-1, -3],
        [30, 10],
      ],
      [
        [9, -9],
        [0, 0],
      ],
    ]) {
      expect(pick(np.array(indices, 'int32')).tolist()).toEqual(want);
    }
    expect(loaded).toBeDefined();
  });

  test('a compiled product of whole numbers with a constant', () => {
    const weight = np.array(
      [
        [16777217, -3],
        [2, 70000],
      ],
      'int32',
    );
    const product = compile(
      (x) => np.add(np.matmul(arrayOf(x), weight), np.array([1, 2], 'int32')),
      [np.array([[1, 1]], 'int32')],
    );
    const run = product(np.array([[3, 70000]], 'int32'));
    expect(run.tolist()).toEqual([[3 * 16777217 + 140000 + 1, (Math.imul(70000, 70000) - 9 + 2) | 0]]);
  });

  test('products of bytes wrap, products of truths are true', () => {
    expect(np.matmul(np.array([[200, 100]], 'uint8'), np.array([[2], [3]], 'uint8')).tolist()).toEqual([[188]]);
    expect(
      np
        .matmul(
          np.array([[true, false]]),
          np.array([
            [true, false],
            [true, true],
          ]),
        )
        .tolist(),
    ).toEqual([[1, 0]]);
    expect(np.dot(np.array([1, 2, 3], 'int32'), np.array([4, 5, 6], 'int32')).tolist()).toBe(32);
  });
});
