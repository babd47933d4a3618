import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { ofThisCopy } from '../../ndarray/conversion.js';
import { readView } from '../../ndarray/manipulation.js';
import { NDArray } from '../../ndarray/np.js';
import { formatShape, normalizeAxis, type Shape, stridesOf } from '../../ndarray/shape.js';
import { checkOptions, inWords } from '../../options.js';
import { type FunctionOperand, input } from '../arguments/operands.js';
import { concat } from './concat.js';

class SplitAxis extends FunctionNode {
  readonly #starts: readonly number[];
  readonly #axis: number;

  /** @param starts the first position of each section; a section ends where the next begins */
  constructor(starts: readonly number[], axis: number) {
    super();
    this.#starts = starts;
    this.#axis = axis;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    const strides = stridesOf(x.shape);
    return this.#starts.map((start, i) => {
      const length = (this.#starts[i + 1] ?? x.shape[this.#axis]) - start;
      const shape = x.shape.map((n, k) => (k === this.#axis ? length : n));
      return readView(x, shape, { offset: length > 0 ? start * strides[this.#axis] : 0, strides });
    });
  }

  override backward(_targets: readonly number[], gys: readonly Variable[]): Variable[] {
    return [concat(gys, this.#axis)];
  }
}

/** The largest number of sections of an empty axis. */
const MOST_EMPTY = 1024;

/** The largest number of positions in a message. */
const MOST_NAMED = 8;

/** The first position of each section. */
function startsOf(shape: Shape, where: number | readonly number[], axis: number): number[] {
  const length = shape[axis];
  const along = `axis ${axis} of ${formatShape(shape)}`;
  if (typeof where === 'number') {
    if (!Number.isInteger(where) || where < 1) {
      throw new ValueError(`splitAxis: the number of sections is ${where}, expected a positive integer`);
    }
    // An empty axis has any number of empty sections.
    if (length % where !== 0 || (length === 0 && where > MOST_EMPTY))
      throw new ShapeError(`splitAxis: ${where} equal sections do not fit ${along}`);
    return Array.from({ length: where }, (_, i) => (i * length) / where);
  }
  if (!Array.isArray(where))
    throw new TypeError(`splitAxis: indicesOrSections is ${inWords(where)}, expected an integer or a list of integers`);
  const starts = [0];
  for (let i = 0; i < where.length; i++) {
    const start = where[i] < 0 ? where[i] + length : where[i];
    if (!Number.isInteger(start) || start < starts[i] || start > length) {
      const given = where.length <= MOST_NAMED ? `(${where.map(inWords)})` : inWords(where);
      throw new ValueError(`splitAxis: positions ${given} are not sorted places along ${along}`);
    }
    starts.push(start);
  }
  return starts;
}

/**
 * Cuts x along an axis: a number gives that many equal sections, a sorted list gives the positions of the cuts. Follows
 * chainer.functions.split_axis.
 *
 * @returns a list; with `forceTuple: false`, a single section is returned without a list.
 * @throws ShapeError if sections do not divide the axis, ValueError for positions that are unsorted or beyond it.
 */
export function splitAxis(
  x: FunctionOperand,
  indicesOrSections: number | readonly number[] | NDArray,
  axis: number,
  options?: { forceTuple?: true },
): Variable[];
export function splitAxis(
  x: FunctionOperand,
  indicesOrSections: number | readonly number[] | NDArray,
  axis: number,
  options: { forceTuple?: boolean },
): Variable | Variable[];
export function splitAxis(
  x: FunctionOperand,
  indicesOrSections: number | readonly number[] | NDArray,
  axis: number,
  options: { forceTuple?: boolean } = {},
): Variable | Variable[] {
  x = input('splitAxis', 'x', x);
  checkOptions('splitAxis', options, { forceTuple: 1 });
  const { forceTuple = true } = options;
  const k = normalizeAxis('splitAxis', axis, x.shape.length);
  const places = ofThisCopy('splitAxis', indicesOrSections);
  const where = places instanceof NDArray ? [...places.dataSync()] : places;
  const pieces = new SplitAxis(startsOf(x.shape, where, k), k).apply([x]);
  return forceTuple || pieces.length > 1 ? pieces : pieces[0];
}
