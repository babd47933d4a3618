import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { checkList, formatShape, normalizeAxis, sizeOf } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { matmul } from './matmul.js';

/** The number of axes to contract, or the axes of a and those of b. */
export type TensordotAxes = number | readonly [a: number | readonly number[], b: number | readonly number[]];

/**
 * Σ a·b over pairs of axes: the last `axes` axes of a with the first of b, or the listed pairs. The result has the other axes of a, then
 * those of b. Follows chainer.functions.tensordot.
 *
 * @param axes default 2
 * @throws ShapeError if paired lengths differ or an axis is out of range, ValueError if the lists of axes do not pair up,
 *   DTypeError if dtypes differ or are not floating.
 */
export function tensordot(a: FunctionOperand, b: FunctionOperand, axes: TensordotAxes = 2): Variable {
  a = input('tensordot', 'a', a, b);
  b = input('tensordot', 'b', b, a);
  const [aAxes, bAxes] = contractedAxes(a.shape.length, b.shape.length, axes);
  const lengths = aAxes.map((k) => a.shape[k]);
  if (lengths.some((n, i) => n !== b.shape[bAxes[i]])) {
    throw new ShapeError(
      `tensordot: axes (${aAxes}) of a ${formatShape(a.shape)} and (${bAxes}) of b ${formatShape(b.shape)} differ in length`,
    );
  }
  const aRest = a.shape.map((_, k) => k).filter((k) => !aAxes.includes(k));
  const bRest = b.shape.map((_, k) => k).filter((k) => !bAxes.includes(k));
  const aShape = aRest.map((k) => a.shape[k]);
  const bShape = bRest.map((k) => b.shape[k]);
  const inner = sizeOf(lengths);
  const y = matmul(
    reshape(permuted(a, [...aRest, ...aAxes]), [sizeOf(aShape), inner]),
    reshape(permuted(b, [...bAxes, ...bRest]), [inner, sizeOf(bShape)]),
  );
  return reshape(y, [...aShape, ...bShape]);
}

function contractedAxes(aNdim: number, bNdim: number, axes: TensordotAxes): [number[], number[]] {
  if (typeof axes === 'number') {
    if (!Number.isInteger(axes) || axes < 0 || axes > aNdim || axes > bNdim) {
      throw new ShapeError(`tensordot: cannot contract ${axes} axes of arrays with ${aNdim} and ${bNdim} dimensions`);
    }
    const count = Array.from({ length: axes }, (_, k) => k);
    return [count.map((k) => aNdim - axes + k), count];
  }
  if (!Array.isArray(axes) || axes.length !== 2)
    throw new TypeError(`tensordot: axes are ${inWords(axes)}, expected a number or two lists`);
  const [aAxes, bAxes] = axes.map((given: number | readonly number[], i) => {
    const list = typeof given === 'number' ? [given] : given;
    checkList('tensordot', i === 0 ? 'axes of a' : 'axes of b', list);
    return list.map((k) => normalizeAxis('tensordot', k, i === 0 ? aNdim : bNdim));
  });
  const distinct = new Set(aAxes).size === aAxes.length && new Set(bAxes).size === bAxes.length;
  if (aAxes.length !== bAxes.length || !distinct) {
    throw new ValueError(`tensordot: axes (${aAxes}) of a and (${bAxes}) of b do not pair up`);
  }
  return [aAxes, bAxes];
}

function permuted(x: VariableLike, order: readonly number[]): VariableLike {
  return order.every((k, i) => k === i) ? x : transpose(x, order);
}
