/**
 * Impossible values in arguments that once were walked, joined or called without a check. Oracle: the library's
 * errors.
 */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, L, np, ShapeError, ValueError, Variable } from '../../src/index.js';

const x = np.ones([2, 4]);
/** Four billion holes: whatever walks them takes seconds. */
const holes = new Array<number>(2 ** 32 - 1);
/** An array, and holes behind it. */
const oneAndHoles = Object.assign(new Array<np.NDArray>(2 ** 32 - 1), { 0: x });
const deep = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 1);

describe('are refused at once, by name', () => {
  it.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
    ['axes of holes', () => np.expandDims(x, holes), ShapeError, /^expandDims: axis has 4294967295 entries/],
    [
      'positions of holes',
      () => F.splitAxis(x, holes, 1),
      ValueError,
      /^splitAxis: positions .* are not sorted places/,
    ],
    ['a variable for positions', () => F.splitAxis(x, new Variable(x) as never, 1), TypeError, /^splitAxis: indicesOr/],
    ['positions that descend', () => F.splitAxis(x, [3, 1], 1), ValueError, /positions \(3,1\) are not sorted/],
    ['a deep list for a dtype', () => F.cast(x, deep as never), DTypeError, /^cast: 'an array of 1' is not a dtype/],
    ['holes for a dtype', () => F.cast(x, [holes] as never), DTypeError, /^cast: 'an array of 1' is not a dtype/],
    ['an object without prototype', () => x.astype(Object.create(null)), DTypeError, /^astype: .* is not a dtype/],
    [
      'no output channels',
      () => new L.MLPConvolution2D(1, [], 3),
      ValueError,
      /^MLPConvolution2D: outChannels is empty/,
    ],
    ['-1 axes', () => new L.DeconvolutionND(-1, 1, 1), ValueError, /^DeconvolutionND: there are no -1 axes/],
    ['indices of holes', () => F.getItem(x, holes), ShapeError, /^getItem: the list of indices has 4294967295 entries/],
    ['axes of a of holes', () => F.tensordot(x, x, [holes, 0]), ShapeError, /^tensordot: axes of a has 4294967295/],
    [
      'axes of b of text',
      () => F.tensordot(x, x, [0, 'b'] as never),
      TypeError,
      /^tensordot: axes of b is the text 'b', expected a list/,
    ],
    ['an axis of text', () => F.tensordot(x, x, [['a'], [0]] as never), ShapeError, /^tensordot: /],
    ['widths of holes', () => F.pad(x, holes), ShapeError, /^pad: padWidth has 4294967295 entries/],
    ['a row of widths of holes', () => F.pad(x, [holes]), ShapeError, /^pad: padWidth has 4294967295 entries/],
    [
      'end values of holes',
      () => F.pad(x, 1, 'linear_ramp', { endValues: holes }),
      ShapeError,
      /^pad: endValues has 4294967295 entries/,
    ],
    ['four billion axes', () => new L.ConvolutionND(2 ** 32 - 1, 1, 1, 1), ValueError, /there are no 4294967295 axes/],
    ['arrays of holes to join', () => np.concatenate(holes), TypeError, /^concatenate: arrays\[0\] is missing/],
    ['holes behind an array to join', () => np.stack(oneAndHoles), TypeError, /^stack: arrays\[1\] is missing/],
    [
      'a shape of holes',
      () => np.array({ data: [1], shape: holes }),
      ShapeError,
      /^array: shape has 4294967295 entries, at most/,
    ],
    ['indices of holes', () => np.getItem(x, holes), ShapeError, /^index: the list of indices has 4294967295 entries/],
    [
      'a deep list for a unary operation',
      () => np.unary(deep as never, x),
      ValueError,
      /^there is no operation an array of 1/,
    ],
    [
      'a deep list for one of a list',
      () => np.unary(deep as never, [1]),
      ValueError,
      /^there is no operation an array of 1/,
    ],
    [
      'a deep list for a binary operation',
      () => np.binary(deep as never, x, x),
      ValueError,
      /^there is no operation an array of 1; there are add, /,
    ],
    ['widths of holes', () => np.pad(x, holes as never), ShapeError, /^pad: widths has 4294967295 entries/],
    [
      'pairs of holes',
      () => np.pad(x, [holes, holes] as never),
      ShapeError,
      /^pad: widths \(\(,,\),\(,,\)\) do not fit/,
    ],
    ['deep widths', () => np.pad(x, deep as never), ShapeError, /^pad: widths \(\(an array of 1\)\) do not fit/],
    [
      'three widths',
      () => np.pad(x, [[1, 2, 3], [1]] as never),
      ShapeError,
      /^pad: widths \(\(1,2,3\),\(1\)\) do not fit/,
    ],
    [
      'a name of objects for an activation',
      () => np.matmul(x, x, { transB: true, activation: 'constructor' as never }),
      ValueError,
      /^matmul: activation is the text 'constructor', expected none, relu, sigmoid, tanh/,
    ],
    [
      'a deep list for an activation',
      () => np.matmul(x, x, { transB: true, activation: deep as never }),
      ValueError,
      /^matmul: activation is an array of 1/,
    ],
  ])('%s', (_name, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  it('labels whose buffer was transferred are refused', () => {
    const labels = new Int32Array(2);
    structuredClone(labels, { transfer: [labels.buffer] });
    expect(() => F.sigmoidCrossEntropy(x, labels)).toThrow(ShapeError);
  });

  it('positions in order are sections', () => {
    expect(F.splitAxis(x, [1, -1], 1).map(({ shape }) => shape)).toEqual([
      [2, 1],
      [2, 2],
      [2, 1],
    ]);
  });
});
