import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { type NDArray, pad as padArray } from '../../ndarray/np.js';
import { checkedSize, checkList, formatShape, type Shape, stridesOf } from '../../ndarray/shape.js';
import { checkOptions, inWords } from '../../options.js';
import { checkPlaces } from '../arguments/listed-sizes.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { readStrided } from '../nodes/strided.js';
import { PAD_MODES, type PadMode } from './pad-modes.js';

/** Numbers for the two edges of each axis: one for all edges, [before, after] for all axes, or one such pair for each axis. */
export type PerEdge = number | readonly number[] | readonly (readonly number[])[];

/** Options of {@link pad}. */
export interface PadOptions {
  /** The value of the border, for `constant`. Default 0. */
  constantValues?: PerEdge;
  /** The value at the outer end of the border, for `linear_ramp`. Default 0. */
  endValues?: PerEdge;
  /** The number of elements at the edge that `maximum`, `mean`, `median` and `minimum` use. Default: the whole axis. */
  statLength?: PerEdge | null;
  /** Whether `reflect` and `symmetric` mirror the values (`even`), or their differences from the edge (`odd`). */
  reflectType?: 'even' | 'odd';
}

/** The pair of each axis, broadcast as numpy.pad broadcasts its arguments to (ndim, 2). */
function pairsOf(name: string, given: PerEdge, ndim: number): (readonly [number, number])[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  checkList('pad', name, list);
  for (const row of list) if (Array.isArray(row)) checkList('pad', name, row);
  const rows = (list.every(Array.isArray) ? list : [list]) as readonly (readonly number[])[];
  if (!rows.flat().every((v) => typeof v === 'number'))
    throw new TypeError(`pad: ${name} is ${inWords(given)}, expected numbers`);
  if ((rows.length !== 1 && rows.length !== ndim) || rows.some((row) => row.length !== 1 && row.length !== 2)) {
    throw new ShapeError(`pad: ${name} ${JSON.stringify(given)} does not fit an array of ${ndim} dimensions`);
  }
  return Array.from({ length: ndim }, (_, k) => {
    const row = rows[rows.length === 1 ? 0 : k];
    return [row[0], row[row.length - 1]];
  });
}

/** Pads with one value, in one pass. The gradient cuts the border off. */
class PadConstant extends FunctionNode {
  #from: Shape = [];

  constructor(
    private readonly widths: readonly (readonly [number, number])[],
    private readonly value: number,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.shape;
    return [padArray(x, this.widths, this.value)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const strides = stridesOf(gy.shape);
    const offset = this.widths.reduce((sum, [before], k) => sum + before * strides[k], 0);
    return [readStrided(gy, this.#from, { offset, strides })];
  }
}

/**
 * x with a border; the modes are those of numpy.pad. Axes are padded one after the other, so corners follow from edges. Follows
 * chainer.functions.pad, whose gradient ignores that most borders depend on x; here the gradient is complete.
 *
 * @param mode default `constant`. With `empty`, NumPy leaves the border undefined; here it is zeros.
 * @throws ShapeError if widths do not fit, ValueError for an unknown mode, or if an axis to be padded is empty,
 *   DTypeError unless x is floating.
 */
export function pad(
  x: FunctionOperand,
  padWidth: PerEdge,
  mode: PadMode = 'constant',
  options: PadOptions = {},
): Variable {
  x = input('pad', 'x', x);
  checkOptions('pad', options, { constantValues: 1, endValues: 1, statLength: 1, reflectType: 1 });
  const { constantValues = 0, endValues = 0, statLength = null, reflectType = 'even' } = options;
  checkFloating('pad', arrayOf(x));
  const ndim = x.shape.length;
  const border = Object.hasOwn(PAD_MODES, mode) ? PAD_MODES[mode] : null;
  if (!border)
    throw new ValueError(`pad: mode is '${String(mode)}', expected one of ${Object.keys(PAD_MODES).join(', ')}`);
  if (reflectType !== 'even' && reflectType !== 'odd') {
    throw new ValueError(`pad: reflectType is '${reflectType}', expected 'even' or 'odd'`);
  }
  const widths = pairsOf('padWidth', padWidth, ndim);
  if (widths.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ValueError(`pad: padWidth is ${JSON.stringify(padWidth)}, expected non-negative integers`);
  }
  const padded = x.shape.map((n, k) => n + widths[k][0] + widths[k][1]);
  checkedSize('pad', padded);
  const constants = pairsOf('constantValues', constantValues, ndim);
  const value = constants[0]?.[0] ?? 0;
  if (mode === 'empty' || (mode === 'constant' && constants.flat().every((v) => v === value))) {
    return new PadConstant(widths, mode === 'empty' ? 0 : value).apply([x])[0];
  }
  checkPlaces('pad', arrayOf(x), padded);
  const ends = pairsOf('endValues', endValues, ndim);
  const lengths = statLength === null ? null : pairsOf('statLength', statLength, ndim);
  if (lengths?.flat().some((n) => !Number.isInteger(n) || n < 1)) {
    throw new ValueError(`pad: statLength is ${JSON.stringify(statLength)}, expected positive integers`);
  }
  return widths.reduce((padded, width, axis) => {
    if (width[0] + width[1] === 0) return padded;
    const n = padded.shape[axis];
    if (n === 0 && mode !== 'constant') {
      throw new ValueError(
        `pad: axis ${axis} of ${formatShape(x.shape)} is empty, but '${mode}' makes the border from its elements`,
      );
    }
    const looks = lengths?.[axis] ?? [n, n];
    return border(padded, axis, width, {
      constants: constants[axis],
      ends: ends[axis],
      lengths: [Math.min(looks[0], n), Math.min(looks[1], n)],
      odd: reflectType === 'odd',
    });
  }, asVariable(x));
}
