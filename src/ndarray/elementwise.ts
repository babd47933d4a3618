/** Elementwise routines of `np`: dtype promotion, broadcasting and device checks, then one primitive. */
import { type BinaryOp, COMPARISONS, type UnaryOp } from '../backends/backend.js';
import { DeviceError, ShapeError } from '../errors.js';
import { type DType, floatingOf, isFloating, promote, toHostArray } from './dtype.js';
import { allocate, fromHost, NDArray } from './ndarray.js';
import { broadcastShapes, formatShape, type Shape, sameShape } from './shape.js';

/** An operand of an elementwise routine; a number takes the dtype of the array beside it. */
export type Operand = NDArray | number;

const KEEPS_INTEGERS: ReadonlySet<UnaryOp> = new Set<UnaryOp>([
  'negative',
  'absolute',
  'sign',
  'square',
  'relu',
  'ceil',
  'floor',
  'rint',
  'trunc',
]);
const TESTS: ReadonlySet<UnaryOp> = new Set<UnaryOp>(['logicalNot', 'isNan', 'isInf']);
const IS_COMPARISON: ReadonlySet<BinaryOp> = new Set(COMPARISONS);

/** Refuses arrays of two devices in one operation. */
export function checkSameDevice(op: string, a: NDArray, b: NDArray): void {
  if (a.device !== b.device) {
    throw new DeviceError(
      `${op}: arrays live on '${a.device.name}' ${formatShape(a.shape)} and '${b.device.name}' ${formatShape(b.shape)}; ` +
        'move one with toDevice',
    );
  }
}

/** x with another dtype; itself if it has it already. Follows numpy.ndarray.astype(copy=False). */
export function astype(x: NDArray, dtype: DType): NDArray {
  if (x.dtype === dtype) return x;
  const out = allocate(x.shape, dtype, x.device);
  x.device.cast(x, out);
  return out;
}

/** One elementwise function; integers are computed as `float32` where the function needs floats. */
export function unary(op: UnaryOp, x: NDArray): NDArray {
  if (TESTS.has(op)) {
    const out = allocate(x.shape, 'bool', x.device);
    x.device.unary(op, x, out);
    return out;
  }
  const input = KEEPS_INTEGERS.has(op) && x.dtype !== 'bool' ? x : astype(x, floatingOf(x.dtype));
  const out = allocate(input.shape, input.dtype, x.device);
  x.device.unary(op, input, out);
  return out;
}

/** The dtype two operands are computed in: promoted; a fractional number beside integers makes it `float32`. */
function commonDType(a: Operand, b: Operand): DType {
  if (a instanceof NDArray) {
    if (b instanceof NDArray) return a.dtype === b.dtype ? a.dtype : promote(a.dtype, b.dtype);
    return withNumber(a.dtype, b);
  }
  return b instanceof NDArray ? withNumber(b.dtype, a) : 'float32';
}

function withNumber(dtype: DType, value: number): DType {
  if (isFloating(dtype)) return dtype;
  if (!Number.isInteger(value)) return 'float32';
  return dtype === 'bool' || (dtype === 'uint8' && (value < 0 || value > 255)) ? 'int32' : dtype;
}

/** One elementwise function of two operands, broadcast by NumPy's rules. */
export function binary(op: BinaryOp, a: Operand, b: Operand): NDArray {
  let dtype = commonDType(a, b);
  if ((op === 'divide' || op === 'arctan2') && !isFloating(dtype)) dtype = 'float32';
  const logical = op === 'logicalAnd' || op === 'logicalOr' || op === 'logicalXor';
  if (logical) dtype = 'bool';
  else if (dtype === 'bool' && !IS_COMPARISON.has(op)) dtype = 'int32';
  if (a instanceof NDArray) {
    const x = astype(a, dtype);
    if (b instanceof NDArray) {
      if (a.device !== b.device) checkSameDevice(op, a, b);
      const shape = a.shape === b.shape ? a.shape : broadcastShapes(op, a.shape, b.shape);
      return run(op, x, astype(b, dtype), shape, dtype);
    }
    return run(op, x, logical ? Number(b !== 0) : b, a.shape, dtype);
  }
  if (b instanceof NDArray) return run(op, logical ? Number(a !== 0) : a, astype(b, dtype), b.shape, dtype);
  return run(op, fromHost(toHostArray([a], dtype), [], dtype), b, [], dtype);
}

function run(op: BinaryOp, a: Operand, b: Operand, shape: Shape, dtype: DType): NDArray {
  const { device } = a instanceof NDArray ? a : (b as NDArray);
  const out = allocate(shape, IS_COMPARISON.has(op) ? 'bool' : dtype, device);
  device.binary(op, a, b, out);
  return out;
}

/** condition ? a : b, elementwise and broadcast; follows numpy.where with three arguments. */
export function where(condition: NDArray, a: Operand, b: Operand): NDArray {
  const dtype = commonDType(a, b);
  let shape = condition.shape;
  for (const operand of [a, b]) {
    if (!(operand instanceof NDArray)) continue;
    checkSameDevice('where', condition, operand);
    shape = broadcastShapes('where', shape, operand.shape);
  }
  const out = allocate(shape, dtype, condition.device);
  condition.device.where(
    astype(condition, 'bool'),
    a instanceof NDArray ? astype(a, dtype) : a,
    b instanceof NDArray ? astype(b, dtype) : b,
    out,
  );
  return out;
}

/** target += x in place, shapes equal: how gradients accumulate. */
export function addInPlace(target: NDArray, x: NDArray): void {
  checkSameDevice('add', target, x);
  if (!sameShape(target.shape, x.shape)) {
    throw new ShapeError(`add: cannot add ${formatShape(x.shape)} in place to ${formatShape(target.shape)}`);
  }
  target.device.binary('add', target, x, target);
}

/** target = source in place, with broadcasting and casting; follows numpy.copyto. */
export function copyto(target: NDArray, source: Operand): void {
  const { device } = target;
  if (typeof source === 'number') {
    device.fill(target, source);
    return;
  }
  checkSameDevice('copyto', target, source);
  if (!sameShape(broadcastShapes('copyto', target.shape, source.shape), target.shape)) {
    throw new ShapeError(`copyto: ${formatShape(source.shape)} does not broadcast to ${formatShape(target.shape)}`);
  }
  if (sameShape(source.shape, target.shape)) device.cast(source, target);
  else device.binary('add', astype(source, target.dtype), 0, target);
}
