/** Indices out of range: refused where their values are known, and harmless in graphs, whose indices come later. */
import { describe, expect, test } from 'vitest';
import { compile, F, IndexError, np, Variable } from '../../src/index.js';

const x = np.array([
  [10, 11, 12],
  [20, 21, 22],
]);

describe('np.take', () => {
  test.each([
    [
      0,
      [-1, 0, -2],
      [
        [20, 21, 22],
        [10, 11, 12],
        [10, 11, 12],
      ],
    ],
    [
      1,
      [-3, 2],
      [
        [10, 12],
        [20, 22],
      ],
    ],
    [
      -1,
      [[1], [-1]],
      [
        [[11], [12]],
        [[21], [22]],
      ],
    ],
  ])('along %i at %j counts negative indices from the end', (axis, indices, want) => {
    expect(np.take(x, np.array(indices, 'int32'), axis).tolist()).toEqual(want);
  });

  test.each([
    [0, 2],
    [0, -3],
    [1, 3],
    [1, 5_000_000],
    [1, -(2 ** 31)],
    [1, 2 ** 31 - 1],
  ])('along %i refuses %i', (axis, index) => {
    const take = () => np.take(x, np.array([0, index], 'int32'), axis);
    expect(take).toThrow(IndexError);
    expect(take).toThrow(`take: index ${index} is out of range for axis ${axis} of length ${x.shape[axis]}`);
  });

  test('of an empty axis has no index', () => {
    expect(() => np.take(np.zeros([0, 3]), np.array([0], 'int32'), 0)).toThrow(IndexError);
    expect(np.take(np.zeros([0, 3]), np.array([], 'int32'), 0).shape).toEqual([0, 3]);
  });

  test('takes bytes as indices', () => {
    expect(np.take(x, np.array([1, 0], 'uint8'), 0).tolist()).toEqual([
      [20, 21, 22],
      [10, 11, 12],
    ]);
  });
});

describe('x.at', () => {
  test.each([[0.5], [-0.5], [Number.NaN], [2], [-3], [2 ** 32], [Number.POSITIVE_INFINITY]])('refuses %d', (index) => {
    expect(() => x.at(index)).toThrow(IndexError);
    expect(() => x.at([0, index])).toThrow(IndexError);
    expect(() => x.at([[0], [index]], 1)).toThrow(IndexError);
    expect(() => F.getItem(x, [[index]])).toThrow(IndexError);
  });

  test.each([[2], [-3]])('refuses %d in an array', (index) => {
    expect(() => x.at(np.array([0, index], 'int32'))).toThrow(IndexError);
    expect(() => F.scatterAdd(x, [np.array([index], 'int32')], np.ones([1, 3]))).toThrow(IndexError);
  });
});

test('a compiled take counts negative indices from the end at each run, and reads zeros out of range', () => {
  const rows = compile(
    (indices) => np.take(x, indices instanceof Variable ? indices.array : indices, 0),
    [np.array([0, 1], 'int32')],
  );
  expect(rows(np.array([-1, 0], 'int32')).tolist()).toEqual([
    [20, 21, 22],
    [10, 11, 12],
  ]);
  expect(rows(np.array([7, -9], 'int32')).tolist()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

describe('functions of labels', () => {
  const table = np.ones([4, 2]);
  const scores = np.ones([3, 4]);
  test.each([[4], [-1], [1_000_000]])('refuse %i of 4', (label) => {
    const labels = np.array([0, label, 1], 'int32');
    expect(() => F.embedId(labels, table)).toThrow(IndexError);
    expect(() => F.selectItem(scores, labels)).toThrow(IndexError);
    expect(() => F.softmaxCrossEntropy(scores, np.array([0, label === -1 ? -2 : label, 1], 'int32'))).toThrow(
      IndexError,
    );
    expect(() => F.hinge(scores, labels)).toThrow(IndexError);
  });

  test('places of windows', () => {
    const pooled = np.ones([1, 1, 1, 1]);
    expect(() => F.upsampling2d(pooled, np.array([[[[4]]]], 'int32'), 2)).toThrow(IndexError);
  });
});
