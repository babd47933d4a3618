/** Functions that judge predictions: accuracies, summaries of classes, R². */
import { describe, expect, it } from 'vitest';
import {
  DTypeError,
  F,
  IndexError,
  np,
  type RensaError,
  ShapeError,
  ValueError,
  Variable,
} from '../../../src/index.js';

const ints = (values: number[], shape = [values.length]) => np.reshape(np.array(Int32Array.from(values)), shape);
const { NaN: nan } = Number;

describe('accuracy', () => {
  const y = np.array([
    [0.1, 0.7, 0.2],
    [8, 1, 2],
    [-8, 1, 2],
    [-8, -1, -2],
  ]);

  it.each<[labels: number[], ignoreLabel: number | undefined, want: number]>([
    [[1, 0, 2, 1], undefined, 1],
    [[1, 0, 0, 0], undefined, 0.5],
    [[1, 0, 0, 0], 0, 1],
    [[1, 0, 0, -1], -1, 2 / 3],
    [[2, 2, 2, 2], 2, 0],
  ])('of labels %j, ignoring %s', (labels, ignoreLabel, want) => {
    const got = F.accuracy(new Variable(y), ints(labels), { ignoreLabel });
    expect(got.item()).toBe(Math.fround(want));
    expect([got.shape, got.dtype, got.requiresGrad]).toEqual([[], 'float32', false]);
  });

  it('takes the first of equal scores, and images', () => {
    expect(
      F.accuracy(
        np.array([
          [1, 1],
          [0, 0],
        ]),
        ints([0, 1]),
      ).item(),
    ).toBe(0.5);
    const images = np.reshape(np.array([1, 0, 0, 1, 0, 1, 1, 0]), [1, 2, 2, 2]);
    expect(F.accuracy(images, ints([0, 1, 1, 1], [1, 2, 2])).item()).toBe(0.75);
    expect(F.accuracy(np.array([[[[2]], [[1]]]]), ints([0])).item()).toBe(1);
    expect(F.accuracy(np.zeros([0, 3]), ints([])).item()).toBe(nan);
    expect(F.accuracy(np.array([[1, 2]]).astype('float64'), ints([1])).dtype).toBe('float64');
  });
});

it('binaryAccuracy counts scores of at least 0 as 1, and label -1 not at all', () => {
  const y = np.array([
    [-2, 0],
    [3, -5],
  ]);
  const accuracyOf = (labels: number[]) => F.binaryAccuracy(y, ints(labels, [2, 2])).item();
  expect(
    [
      [0, 1, 1, 0],
      [0, 0, 1, 1],
      [0, -1, 1, -1],
      [1, -1, 1, 1],
      [-1, -1, -1, -1],
    ].map(accuracyOf),
  ).toEqual([1, 0.5, 1, Math.fround(1 / 3), 0]);
});

describe('classificationSummary', () => {
  /** Predictions 0, 1, 1, 2, 0, 2. */
  const y = np.array([
    [5, 1, 0],
    [1, 5, 0],
    [1, 5, 0],
    [0, 1, 5],
    [5, 5, 0],
    [0, 0, 1],
  ]);
  const t = ints([0, 1, 0, 0, -1, 1]);
  const lists = (variables: readonly Variable[]) => variables.map((v) => [...v.dataSync()]);

  it('counts hits, predictions and labels of each class', () => {
    const third = 1 / 3;
    expect(lists(F.classificationSummary(y, t))).toEqual([
      [1, 0.5],
      [third, 0.5],
      [0.5, 0.5],
      [3, 2],
    ]);
    const [precision, recall, fbeta, support] = lists(F.classificationSummary(y, t, { labelNum: 3, beta: 2 }));
    expect(precision).toEqual([1, 0.5, 0]);
    expect(recall).toEqual([third, 0.5, nan]);
    expect(fbeta[0]).toBeCloseTo((5 * third) / (4 + third), 12);
    expect(fbeta[2]).toBe(nan);
    expect(support).toEqual([3, 2, 0]);
  });

  it('has its columns as functions', () => {
    const [precision, recall, fbeta, support] = F.classificationSummary(y, t);
    expect(lists(F.precision(y, t))).toEqual(lists([precision, support]));
    expect(lists(F.recall(y, t))).toEqual(lists([recall, support]));
    expect(lists(F.f1Score(y, t))).toEqual(lists([fbeta, support]));
    expect(lists(F.fbetaScore(y, t, { beta: 3 }))).toEqual(
      lists([F.classificationSummary(y, t, { beta: 3 })[2], support]),
    );
    expect([precision.dtype, support.dtype, precision.requiresGrad]).toEqual(['float64', 'int32', false]);
  });

  it('ignores one label, and everything', () => {
    expect(lists(F.recall(y, ints([0, 1, 0, 0, 2, 1]), { ignoreLabel: 0 }))).toEqual([
      [nan, 0.5, 0],
      [0, 2, 1],
    ]);
    expect(F.precision(y, ints([-1, -1, -1, -1, -1, -1]))[0].shape).toEqual([0]);
  });
});

describe('r2Score', () => {
  const pred = np.array([
    [1, 2],
    [2, 3],
    [4, 3],
  ]);
  const truth = np.array([
    [1, 5],
    [3, 5],
    [5, 5],
  ]);

  it('is 1 minus the unexplained share of the variance, and 0 for a constant', () => {
    expect(F.r2Score(pred, truth, { multioutput: 'raw_values' }).tolist()).toEqual([0.75, 0]);
    expect(F.r2Score(pred, truth).item()).toBe(0.375);
    expect(F.r2Score(np.array([1, 2, 4]), np.array([1, 3, 5])).item()).toBe(0.75);
  });
});

describe('operands that do not fit are refused', () => {
  const y = np.zeros([2, 3]);
  const t = ints([0, 1]);
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    [
      'accuracy of other sizes',
      () => F.accuracy(np.zeros([2, 3, 4, 2]), ints(new Array(16).fill(0), [2, 8])),
      ShapeError,
    ],
    ['accuracy of a vector', () => F.accuracy(np.zeros([2]), t), ShapeError],
    ['accuracy of floating labels', () => F.accuracy(y, np.zeros([2])), DTypeError],
    ['accuracy of integer scores', () => F.accuracy(np.zeros([2, 3], 'int32'), t), DTypeError],
    ['binaryAccuracy of other shapes', () => F.binaryAccuracy(y, t), ShapeError],
    ['binaryAccuracy of floating labels', () => F.binaryAccuracy(y, y), DTypeError],
    ['precision of labels out of range', () => F.precision(y, ints([0, 3]), { labelNum: 3 }), IndexError],
    ['recall of negative labels', () => F.recall(y, ints([0, -2])), IndexError],
    ['f1Score of half a class', () => F.f1Score(y, t, { labelNum: 0.5 }), ValueError],
    ['classificationSummary of other shapes', () => F.classificationSummary(y, ints([0])), ShapeError],
    ['r2Score of other shapes', () => F.r2Score(y, np.zeros([3, 2])), ShapeError],
    ['r2Score of another average', () => F.r2Score(y, y, { multioutput: 'max' as 'raw_values' }), ValueError],
    ['r2Score with weights', () => F.r2Score(y, y, { sampleWeight: y as unknown as null }), ValueError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
