/** The arguments of functions: how values become arrays, and the checks of dtype, device and shape that functions share. */

import { otherCopy } from '../../copies.js';
import { Variable, type VariableLike } from '../../core/variable.js';
import { DTypeError, ShapeError } from '../../errors.js';
import { type ArrayLike, operand, wholeOperand } from '../../ndarray/conversion.js';
import { checkSameDevice } from '../../ndarray/elementwise.js';
import { isFloating, NDArray } from '../../ndarray/np.js';
import { formatShape, type Shape, sameShape } from '../../ndarray/shape.js';
import { inWords } from '../../options.js';
import { FLOATS_REMEDY, missingAxesRemedy, sameSizeRemedy } from './remedies.js';

/**
 * An argument of a function: a variable, an array, or a value that `np.array` takes (numbers, lists, host arrays). Numbers take the
 * dtype of the array beside them; alone they are `float32`.
 */
export type FunctionOperand = VariableLike | ArrayLike;

/** The array in a variable, or the array itself. */
export function arrayOf(x: VariableLike): NDArray {
  return x instanceof Variable ? x.array : x;
}

/** Whether an operand is a variable or an array. */
export function isArray(x: unknown): x is VariableLike {
  return x instanceof Variable || x instanceof NDArray;
}

/**
 * An argument of a function as a variable or an array. Numbers and lists become an array with the dtype and the device of the operand
 * `beside`.
 *
 * @throws TypeError that names the function, the argument and the value.
 */
export function input(op: string, name: string, x: FunctionOperand, beside?: FunctionOperand | null): VariableLike {
  return isArray(x) ? x : operand(op, name, x, beside instanceof Variable ? beside.array : beside);
}

/** {@link input} for labels and positions: whole numbers become int32. @throws IndexError for a fraction. */
export function wholeInput(op: string, name: string, x: FunctionOperand): VariableLike {
  return isArray(x) ? x : wholeOperand(op, name, x);
}

/** {@link input} for each value of a list. The first array among them gives dtype and device to the others. */
export function inputsOf(op: string, name: string, xs: readonly FunctionOperand[]): readonly VariableLike[] {
  if (!Array.isArray(xs)) throw new TypeError(`${op}: ${name} is ${inWords(xs)}, expected a list of arrays`);
  // findIndex stops at the first hole. `every` and `map` walk over all holes: four billion of them take seconds.
  if (xs.findIndex((x) => !isArray(x)) < 0) return xs;
  const hole = xs.findIndex((x) => x === undefined || x === null);
  if (hole >= 0) input(op, `${name}[${hole}]`, xs[hole]);
  const like = xs.find((x) => isArray(x) || otherCopy(x));
  return xs.map((x, i) => input(op, `${name}[${i}]`, x, like));
}

/** Calls an operator again, after turning an operand that it cannot use into an array. */
export function withArrays(
  op: string,
  operator: (a: FunctionOperand, b: FunctionOperand) => Variable,
  a: FunctionOperand,
  b: FunctionOperand,
): Variable {
  if (!isArray(a) && (typeof a !== 'number' || !isArray(b))) return operator(input(op, 'the first operand', a, b), b);
  return operator(a, input(op, 'the second operand', b, a));
}

/** Refuses arguments that are not numbers. */
export function checkScalars(op: string, args: Readonly<Record<string, unknown>>): void {
  for (const name in args) {
    if (typeof args[name] !== 'number')
      throw new TypeError(`${op}: ${name} is ${inWords(args[name])}, expected a number`);
  }
}

/** Refuses arrays of different dtypes or devices: functions do not promote dtypes. */
export function checkAlike(op: string, ...arrays: readonly NDArray[]): void {
  const [first] = arrays;
  for (const x of arrays) {
    if (x.dtype !== first.dtype)
      throw new DTypeError(`${op}: dtypes ${first.dtype} and ${x.dtype} differ; cast one with F.cast`);
    checkSameDevice(op, first, x);
  }
}

/** Refuses integers and bool where a function needs floats, and arrays of different dtypes or devices. */
export function checkFloating(op: string, ...arrays: readonly NDArray[]): void {
  for (const x of arrays) {
    if (!isFloating(x.dtype))
      throw new DTypeError(
        `${op}: expected float32 or float64, got ${x.dtype} ${formatShape(x.shape)}; ${FLOATS_REMEDY}`,
      );
  }
  checkAlike(op, ...arrays);
}

/**
 * Refuses an array with another number of dimensions than expected.
 *
 * @param axes the names of the expected axes, for the message
 * @param channels the expected length of the axis `C`, if it is known
 */
export function checkNdim(op: string, name: string, x: { shape: Shape }, axes: string, channels?: number): void {
  const ndim = axes.split(',').length;
  if (x.shape.length !== ndim) {
    throw new ShapeError(
      `${op}: ${name} has ${x.shape.length} dimensions but (${axes}) needs ${ndim}: ${formatShape(x.shape)}` +
        missingAxesRemedy(name, x.shape, axes, channels),
    );
  }
}

/** Refuses an array without an axis of channels after the axis of the batch. */
export function checkChannelAxis(op: string, x: { shape: Shape }): void {
  if (x.shape.length < 2) throw new ShapeError(`${op}: x is ${formatShape(x.shape)}, expected (N, C, …)`);
}

/** Refuses arrays of different shapes. */
export function checkSameShape(op: string, ...arrays: readonly { shape: Shape }[]): void {
  for (const { shape } of arrays) {
    if (!sameShape(shape, arrays[0].shape)) {
      throw new ShapeError(
        `${op}: shapes ${formatShape(arrays[0].shape)} and ${formatShape(shape)} differ` +
          sameSizeRemedy(arrays[0].shape, shape),
      );
    }
  }
}
