/** What functions of several arrays require of them: one dtype, one device, numbers only beside arrays. */
import { Variable, type VariableLike } from '../core/variable.js';
import { DTypeError, ShapeError, ValueError } from '../errors.js';
import { checkSameDevice } from '../ndarray/elementwise.js';
import { isFloating, NDArray } from '../ndarray/np.js';
import { formatShape, type Shape, sameShape } from '../ndarray/shape.js';
import { FLOATS_REMEDY, missingAxesRemedy, sameSizeRemedy } from './remedies.js';

/** An operand of an operator: an array, or a number that takes its dtype from the other operand. */
export type FunctionOperand = VariableLike | number;

/** The array in a variable, or the array itself. */
export function arrayOf(x: VariableLike): NDArray {
  return x instanceof Variable ? x.array : x;
}

/** Whether an operand is an array rather than a number. */
export function isArray(x: FunctionOperand): x is VariableLike {
  return x instanceof Variable || x instanceof NDArray;
}

/** The operand that must be an array because the other one is a number. @throws ValueError if it is a number too. */
export function arrayOperand(op: string, x: FunctionOperand): VariableLike {
  if (!isArray(x)) throw new ValueError(`${op}: both operands are numbers`);
  return x;
}

/** Refuses arrays of two dtypes or two devices: functions do not promote. */
export function checkAlike(op: string, ...arrays: readonly NDArray[]): void {
  const [first] = arrays;
  for (const x of arrays) {
    if (x.dtype !== first.dtype)
      throw new DTypeError(`${op}: dtypes ${first.dtype} and ${x.dtype} differ; cast one with F.cast`);
    checkSameDevice(op, first, x);
  }
}

/** Refuses integers and bool where a function needs floats, and arrays that are not alike. */
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
 * Refuses an array whose number of dimensions is not the one expected.
 *
 * @param axes their names, for the message
 * @param channels how many there should be on the axis `C`, if that is known
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

/** Refuses arrays whose shapes are not all the same. */
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
