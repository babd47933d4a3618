/** F.pad: modes, widths, and the values that are refused. */
import { describe, expect, it } from 'vitest';
import { F, np, type RensaError, ShapeError, ValueError } from '../../../src/index.js';
import { checkFunction } from '../../support/function-harness.js';
import { moved } from '../../support/oracle/element-sources.js';

const pad = (data: number[], width: F.PerEdge, mode: F.PadMode, options?: F.PadOptions) =>
  F.pad(np.array(data, 'float64'), width, mode, options).tolist();

describe('modes, with the results that numpy.pad documents', () => {
  const a = [1, 2, 3, 4, 5];
  it.each<[mode: F.PadMode, width: F.PerEdge, options: F.PadOptions, want: number[]]>([
    ['constant', [2, 3], { constantValues: [4, 6] }, [4, 4, 1, 2, 3, 4, 5, 6, 6, 6]],
    ['constant', 1, { constantValues: 9 }, [9, 1, 2, 3, 4, 5, 9]],
    ['empty', 1, {}, [0, 1, 2, 3, 4, 5, 0]],
    ['edge', [2, 3], {}, [1, 1, 1, 2, 3, 4, 5, 5, 5, 5]],
    ['linear_ramp', [2, 4], { endValues: [5, -3] }, [5, 3, 1, 2, 3, 4, 5, 3, 1, -1, -3]],
    ['maximum', [2], {}, [5, 5, 1, 2, 3, 4, 5, 5, 5]],
    ['minimum', [1, 2], { statLength: [9, 2] }, [1, 1, 2, 3, 4, 5, 4, 4]],
    ['mean', [2], {}, [3, 3, 1, 2, 3, 4, 5, 3, 3]],
    ['median', [2, 1], { statLength: 2 }, [1.5, 1.5, 1, 2, 3, 4, 5, 4.5]],
    ['reflect', [2, 3], {}, [3, 2, 1, 2, 3, 4, 5, 4, 3, 2]],
    ['reflect', [2, 3], { reflectType: 'odd' }, [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['symmetric', [2, 3], {}, [2, 1, 1, 2, 3, 4, 5, 5, 4, 3]],
    ['symmetric', [2, 3], { reflectType: 'odd' }, [0, 1, 1, 2, 3, 4, 5, 5, 6, 7]],
    ['wrap', [2, 3], {}, [4, 5, 1, 2, 3, 4, 5, 1, 2, 3]],
  ])('%s by %j with %j', (mode, width, options, want) => {
    expect(pad(a, width, mode, options)).toEqual(want);
  });

  it('goes on where the border is wider than the array', () => {
    expect(pad([1, 2, 3], [5, 5], 'reflect')).toEqual([2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2]);
    expect(pad([1, 2], [3, 3], 'symmetric')).toEqual([2, 2, 1, 1, 2, 2, 1, 1]);
    expect(pad([1, 2], [3, 3], 'wrap')).toEqual([2, 1, 2, 1, 2, 1, 2, 1]);
    expect(pad([1, 2, 4], [4, 4], 'reflect', { reflectType: 'odd' })).toEqual([-5, -4, -2, 0, 1, 2, 4, 6, 7, 8, 10]);
    expect(pad([7], [2, 1], 'reflect')).toEqual([7, 7, 7, 7]);
  });

  it('makes corners of edges', () => {
    const y = F.pad(
      np.array([
        [1, 2],
        [3, 4],
      ]),
      [
        [1, 0],
        [0, 1],
      ],
      'maximum',
    );
    expect(y.tolist()).toEqual([
      [3, 4, 4],
      [1, 2, 2],
      [3, 4, 4],
    ]);
    const z = F.pad(np.array([[1]]), 1, 'constant', {
      constantValues: [
        [2, 3],
        [4, 5],
      ],
    });
    expect(z.tolist()).toEqual([
      [4, 2, 5],
      [4, 1, 5],
      [4, 3, 5],
    ]);
  });

  it('the median of a window with NaN is NaN', () => {
    expect(pad([1, Number.NaN, 3], [1, 0], 'median')).toEqual([Number.NaN, 1, Number.NaN, 3]);
  });
});

checkFunction({
  name: 'constant, with widths for each axis',
  fn: (x) =>
    F.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      'constant',
      { constantValues: 1.5 },
    ),
  inputs: [[2, 3]],
  forward: moved([3, 5], ([i, j]) => (i > 0 && j < 3 ? [i - 1, j] : 1.5)),
});

checkFunction({
  name: 'constant, of an empty array',
  fn: (x) =>
    F.pad(x, [
      [1, 0],
      [0, 0],
    ]),
  inputs: [[0, 2]],
  forward: moved([1, 2], () => 0),
});

checkFunction({
  name: 'no border',
  fn: (x) => F.pad(x, 0, 'wrap'),
  inputs: [[2, 2]],
  forward: moved([2, 2], (index) => index),
});

describe('gradients reach the elements that the border repeats', () => {
  for (const mode of [
    'edge',
    'linear_ramp',
    'maximum',
    'mean',
    'median',
    'minimum',
    'reflect',
    'symmetric',
    'wrap',
  ] as const) {
    checkFunction({
      name: mode,
      fn: (x) =>
        F.pad(
          x,
          [
            [2, 1],
            [1, 3],
          ],
          mode,
        ),
      inputs: [[3, 4]],
    });
  }
  for (const mode of ['reflect', 'symmetric'] as const) {
    checkFunction({
      name: `${mode}, odd`,
      fn: (x) => F.pad(x, [4, 5], mode, { reflectType: 'odd' }),
      inputs: [[3]],
    });
  }
  checkFunction({
    name: 'mean of the last two',
    fn: (x) => F.pad(x, 1, 'mean', { statLength: 2 }),
    inputs: [[4]],
  });
  checkFunction({
    name: 'several constants',
    fn: (x) => F.pad(x, 1, 'constant', { constantValues: [1, 2] }),
    inputs: [[2, 2]],
  });
});

describe('operands that do not fit are refused', () => {
  const x = np.zeros([2, 3]);
  it.each<[name: string, call: () => unknown, error: new (message?: string) => RensaError]>([
    ['an unknown mode', () => F.pad(x, 1, 'mirror' as 'wrap'), ValueError],
    ['a name that every object has', () => F.pad(x, 1, 'toString' as 'wrap'), ValueError],
    ['an unknown reflectType', () => F.pad(x, 1, 'reflect', { reflectType: 'both' as 'odd' }), ValueError],
    [
      'widths for three axes',
      () =>
        F.pad(x, [
          [1, 1],
          [1, 1],
          [1, 1],
        ]),
      ShapeError,
    ],
    ['three widths', () => F.pad(x, [1, 1, 1]), ShapeError],
    ['negative widths', () => F.pad(x, -1), ValueError],
    ['a border of an empty array', () => F.pad(np.zeros([0, 2]), 1, 'edge'), ValueError],
    ['a look at nothing', () => F.pad(x, 1, 'mean', { statLength: 0 }), ValueError],
  ])('%s is refused', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
