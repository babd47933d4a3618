/** Elementwise routines of `np`: dtype promotion, broadcasting and device checks, then one primitive. */

import { assertKnown } from '../backends/kernel-dtypes.js';
import {
  BINARY_KINDS,
  BINARY_OPS,
  type BinaryOp,
  fillsBool,
  UNARY_KINDS,
  UNARY_OPS,
  type UnaryOp,
} from '../backends/ops.js';
import { DeviceError, ShapeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { type ArrayLike, operand } from './conversion.js';
import { checkDType, checkHolds, type DType, floatingOf, holds, isFloating, promote, toHostArray } from './dtype.js';
import { allocate, fromHost, NDArray } from './ndarray.js';
import { broadcastShapes, formatShape, type Shape, sameShape } from './shape.js';

/** An operand: an array, or a number, which takes the dtype of the array beside it. */
type ArrayOrNumber = NDArray | number;

/** An operand of an elementwise routine. A number, and numbers of a list, take the dtype of the array beside them. */
export type Operand = ArrayLike;

/** @throws DeviceError for arrays on two devices. */
export function checkSameDevice(op: string, a: NDArray, b: NDArray): void {
  if (a.device !== b.device) {
    throw new DeviceError(
      `${op}: arrays live on '${a.device.name}' ${formatShape(a.shape)} and '${b.device.name}' ${formatShape(b.shape)}; ` +
        'move one with toDevice',
    );
  }
}

/** x with a dtype; x itself if it has that dtype already. Follows numpy.ndarray.astype(copy=False). */
export function astype(x: ArrayLike, dtype: DType): NDArray {
  if (!(x instanceof NDArray)) return astype(operand('astype', 'x', x), dtype);
  if (x.dtype === dtype) return x;
  const out = allocate(x.shape, checkDType('astype', dtype), x.device);
  x.device.cast(x, out);
  return out;
}

/** One elementwise function. Integers become `float32` if the function needs floats. */
export function unary(op: UnaryOp, x: ArrayLike): NDArray {
  if (typeof op !== 'string') assertKnown(op, UNARY_OPS); // a deep list cannot become a text
  if (!(x instanceof NDArray)) return unary(op, operand(op, 'x', x));
  if (UNARY_KINDS[op] === 'test') {
    const out = allocate(x.shape, 'bool', x.device);
    x.device.unary(op, x, out);
    return out;
  }
  const input = UNARY_KINDS[op] === 'numbers' && x.dtype !== 'bool' ? x : astype(x, floatingOf(x.dtype));
  const out = allocate(input.shape, input.dtype, x.device);
  x.device.unary(op, input, out);
  return out;
}

/** The dtype of a computation with two operands: the promoted one; `float32` for a fraction beside integers. */
function commonDType(op: string, a: ArrayOrNumber, b: ArrayOrNumber): DType {
  if (a instanceof NDArray) {
    if (b instanceof NDArray) return a.dtype === b.dtype ? a.dtype : promote(a.dtype, b.dtype);
    return withNumber(op, a.dtype, b);
  }
  return b instanceof NDArray ? withNumber(op, b.dtype, a) : 'float32';
}

function withNumber(op: string, dtype: DType, value: number): DType {
  if (isFloating(dtype)) return dtype;
  if (!Number.isInteger(value)) return 'float32';
  if (!holds('int32', value))
    throw new ValueError(`${op}: ${value} does not fit ${dtype}; cast the array to float32 or float64`);
  return dtype === 'bool' || !holds(dtype, value) ? 'int32' : dtype;
}

/**
 * The number to compare integers x with in the place of `value`, so that `x op value` is right for every x. A fraction is rounded to
 * the side that decides alike. For equality, a fraction becomes infinite, which no integer equals. `mirrored`: `value op x`.
 */
function comparand(op: BinaryOp, value: number, mirrored: boolean): number {
  const equality = op === 'equal' || op === 'notEqual';
  const up = (op === 'less' || op === 'greaterEqual') !== mirrored;
  const whole = equality ? value : up ? Math.ceil(value) : Math.floor(value);
  return Number.isInteger(whole) && holds('int32', whole) ? whole : whole * Number.POSITIVE_INFINITY;
}

/** One elementwise function of two operands, broadcast by NumPy's rules. */
export function binary(op: BinaryOp, a: Operand, b: Operand): NDArray {
  if (typeof op !== 'string') assertKnown(op, BINARY_OPS);
  // The usual case, one floating dtype, needs no promotion.
  if (a instanceof NDArray && b instanceof NDArray && a.dtype === 'float32' && b.dtype === 'float32') {
    const { device } = a;
    if (device !== b.device) checkSameDevice(op, a, b);
    const shape = a.shape === b.shape ? a.shape : broadcastShapes(op, a.shape, b.shape);
    const out = allocate(shape, fillsBool(op) ? 'bool' : 'float32', device);
    device.binary(op, a, b, out);
    return out;
  }
  return promoted(op, a, b);
}

/** A number as 0 or 1, which every dtype can hold. */
const truthOf = (x: ArrayOrNumber): ArrayOrNumber => (typeof x === 'number' ? Number(x !== 0) : x);

function promoted(op: BinaryOp, a: Operand, b: Operand): NDArray {
  const x = typeof a === 'number' || a instanceof NDArray ? a : operand(op, 'the first operand', a, b);
  const y = typeof b === 'number' || b instanceof NDArray ? b : operand(op, 'the second operand', b, a);
  if (BINARY_KINDS[op] === 'logical') return compute(op, truthOf(x), truthOf(y));
  if ((typeof x === 'number' || typeof y === 'number') && BINARY_KINDS[op] === 'comparison') {
    if (typeof y === 'number' && x instanceof NDArray && !isFloating(x.dtype))
      return compute(op, x, comparand(op, y, false));
    if (typeof x === 'number' && y instanceof NDArray && !isFloating(y.dtype))
      return compute(op, comparand(op, x, true), y);
  }
  return compute(op, x, y);
}

function compute(op: BinaryOp, a: ArrayOrNumber, b: ArrayOrNumber): NDArray {
  let dtype = commonDType(op, a, b);
  if ((op === 'divide' || op === 'arctan2') && !isFloating(dtype)) dtype = 'float32';
  if (dtype === 'bool' && !fillsBool(op)) dtype = 'int32';
  if (a instanceof NDArray) {
    const x = astype(a, dtype);
    if (b instanceof NDArray) {
      if (a.device !== b.device) checkSameDevice(op, a, b);
      const shape = a.shape === b.shape ? a.shape : broadcastShapes(op, a.shape, b.shape);
      return run(op, x, astype(b, dtype), shape, dtype);
    }
    return run(op, x, b, a.shape, dtype);
  }
  if (b instanceof NDArray) return run(op, a, astype(b, dtype), b.shape, dtype);
  return run(op, fromHost(toHostArray([a], dtype), [], dtype), b, [], dtype);
}

function run(op: BinaryOp, a: ArrayOrNumber, b: ArrayOrNumber, shape: Shape, dtype: DType): NDArray {
  const { device } = a instanceof NDArray ? a : (b as NDArray);
  const out = allocate(shape, fillsBool(op) ? 'bool' : dtype, device);
  device.binary(op, a, b, out);
  return out;
}

/** condition ? a : b, elementwise and broadcast; follows numpy.where with three arguments. */
export function where(condition: ArrayLike, a: Operand, b: Operand): NDArray {
  const test = operand('where', 'condition', condition);
  const x = typeof a === 'number' || a instanceof NDArray ? a : operand('where', 'a', a, b);
  const y = typeof b === 'number' || b instanceof NDArray ? b : operand('where', 'b', b, a);
  const dtype = commonDType('where', x, y);
  let shape = test.shape;
  for (const array of [x, y]) {
    if (!(array instanceof NDArray)) continue;
    checkSameDevice('where', test, array);
    shape = broadcastShapes('where', shape, array.shape);
  }
  const out = allocate(shape, dtype, test.device);
  test.device.where(
    astype(test, 'bool'),
    x instanceof NDArray ? astype(x, dtype) : x,
    y instanceof NDArray ? astype(y, dtype) : y,
    out,
  );
  return out;
}

/** @throws TypeError for a target of an operation in place that is not an array. */
function checkTarget(op: string, target: unknown): asserts target is NDArray {
  if (!(target instanceof NDArray)) throw new TypeError(`${op}: target is ${inWords(target)}, expected an NDArray`);
}

/** target += x in place, for equal shapes. Gradients accumulate by it. */
export function addInPlace(target: NDArray, x: NDArray): void {
  checkTarget('addInPlace', target);
  checkTarget('addInPlace', x);
  checkSameDevice('add', target, x);
  if (!sameShape(target.shape, x.shape)) {
    throw new ShapeError(`add: cannot add ${formatShape(x.shape)} in place to ${formatShape(target.shape)}`);
  }
  target.device.binary('add', target, x, target);
}

/**
 * target = source in place, with broadcasting and casting; follows numpy.copyto.
 *
 * @throws ValueError for a number that the dtype of the target cannot hold.
 */
export function copyto(target: NDArray, source: Operand): void {
  checkTarget('copyto', target);
  assign('copyto', 'source', target, source);
}

/** {@link copyto} for another routine, `op`, which calls its source `name`. */
export function assign(op: string, name: string, target: NDArray, source: Operand): void {
  const { device } = target;
  if (typeof source === 'number') {
    checkHolds(op, target.dtype, source);
    device.fill(target, source);
    return;
  }
  const x = operand(op, name, source, target);
  checkSameDevice(op, target, x);
  if (!sameShape(broadcastShapes(op, target.shape, x.shape), target.shape)) {
    throw new ShapeError(`${op}: ${formatShape(x.shape)} does not broadcast to ${formatShape(target.shape)}`);
  }
  if (x.storage === target.storage) return; // primitives other than elementwise ones do not work in place
  if (sameShape(x.shape, target.shape)) device.cast(x, target);
  else device.binary('add', astype(x, target.dtype), 0, target);
}
