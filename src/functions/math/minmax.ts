import { FunctionNode } from '../../core/function-node.js';
import { Variable, type VariableLike } from '../../core/variable.js';
import {
  type Axis,
  argmax as argmaxOfArray,
  argmin as argminOfArray,
  equal,
  max as maxOfArray,
  min as minOfArray,
  type NDArray,
} from '../../ndarray/np.js';
import { normalizeAxes, reducedShape } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { broadcastTo } from '../nodes/broadcasting.js';
import { passWhere } from '../nodes/piecewise.js';

const EXTREMES = { max: maxOfArray, min: minOfArray } as const;

class Extreme extends FunctionNode {
  constructor(
    private readonly op: keyof typeof EXTREMES,
    private readonly axis: Axis,
    private readonly keepdims: boolean,
  ) {
    super();
  }

  override get label(): string {
    return this.op;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating(this.op, x);
    this.retainInputs(0);
    this.retainOutputs(0);
    return [EXTREMES[this.op](x, this.axis, this.keepdims)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [{ array: x }] = this.getRetainedInputs();
    const [{ array: y }] = this.getRetainedOutputs();
    const kept = reducedShape(x.shape, normalizeAxes(this.op, this.axis, x.ndim), true);
    return [passWhere(equal(x, y.reshape(kept)), broadcastTo(reshape(gy, kept), x.shape))];
  }
}

/**
 * The largest element over axes (all by default); every element that equals it gets the whole gradient. Follows
 * chainer.functions.max.
 *
 * @throws DTypeError unless x is floating, ShapeError if x has no elements or an axis is out of range.
 */
export function max(x: FunctionOperand, axis: Axis = null, keepdims = false): Variable {
  x = input('max', 'x', x);
  return new Extreme('max', axis, keepdims).apply([x])[0];
}

/**
 * The smallest element over axes (all by default); every element that equals it gets the whole gradient. Follows
 * chainer.functions.min.
 *
 * @throws DTypeError unless x is floating, ShapeError if x has no elements or an axis is out of range.
 */
export function min(x: FunctionOperand, axis: Axis = null, keepdims = false): Variable {
  x = input('min', 'x', x);
  return new Extreme('min', axis, keepdims).apply([x])[0];
}

/**
 * The int32 position of the first maximum along an axis, or in the flat array; no gradient flows through it. Follows
 * chainer.functions.argmax.
 *
 * @throws DTypeError unless x is floating, ShapeError if x has no elements or the axis is out of range.
 */
export function argmax(x: FunctionOperand, axis: number | null = null): Variable {
  x = input('argmax', 'x', x);
  return position('argmax', x, axis);
}

/**
 * The int32 position of the first minimum along an axis, or in the flat array; no gradient flows through it. Follows
 * chainer.functions.argmin.
 *
 * @throws DTypeError unless x is floating, ShapeError if x has no elements or the axis is out of range.
 */
export function argmin(x: FunctionOperand, axis: number | null = null): Variable {
  x = input('argmin', 'x', x);
  return position('argmin', x, axis);
}

const POSITIONS = { argmax: argmaxOfArray, argmin: argminOfArray } as const;

function position(op: keyof typeof POSITIONS, x: VariableLike, axis: number | null): Variable {
  checkFloating(op, arrayOf(x));
  return new Variable(POSITIONS[op](arrayOf(x), axis));
}
