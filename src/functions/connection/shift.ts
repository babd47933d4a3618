import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { allocate } from '../../ndarray/ndarray.js';
import type { NDArray } from '../../ndarray/np.js';
import { formatShape, stridesOf } from '../../ndarray/shape.js';
import { checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { pair, type Sizes } from '../arguments/window-sizes.js';

class Shift extends FunctionNode {
  /** @param dilate negative in the gradient, which moves groups in the opposite direction */
  constructor(
    private readonly ksize: readonly [number, number],
    private readonly dilate: readonly [number, number],
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('shift', x);
    const y = allocate(x.shape, x.dtype, x.device);
    x.device.fill(y, 0);
    const [n, c, height, width] = x.shape;
    const strides = stridesOf(x.shape);
    const [kh, kw] = this.ksize;
    const groups = kh * kw;
    const size = Math.floor(c / groups);
    const middle = (groups - 1) / 2;
    for (let i = 0; i < groups; i++) {
      // The unmoved group comes last: it takes the channels that are left over.
      const place = i === middle ? groups - 1 : i === groups - 1 ? middle : i;
      const dy = (Math.floor(place / kw) - (kh - 1) / 2) * this.dilate[0];
      const dx = ((place % kw) - (kw - 1) / 2) * this.dilate[1];
      const channels = i === groups - 1 ? c - i * size : size;
      const shape = [n, channels, height - Math.abs(dy), width - Math.abs(dx)];
      if (shape.some((extent) => extent <= 0)) continue;
      // y[h, w] = x[h − dy, w − dx]
      const at = (shiftY: number, shiftX: number) => ({
        offset: i * size * strides[1] + Math.max(0, shiftY) * strides[2] + Math.max(0, shiftX),
        strides,
      });
      x.device.copy(x, at(-dy, -dx), y, at(dy, dx), shape);
    }
    return [y];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new Shift(this.ksize, [-this.dilate[0], -this.dilate[1]]).apply([gy]);
  }
}

/**
 * Divides the channels into kh·kw groups, moves each group in one direction of the window, and fills with zeros: a
 * convolution without weights. x (N, C, H, W) → (N, C, H, W). Follows chainer.functions.shift; Wu et al., "Shift: a zero FLOP,
 * zero parameter alternative to spatial convolutions" (2017).
 *
 * @param ksize odd; default 3
 * @param dilate the length of a step, in pixels; default 1
 * @throws ValueError for even sizes, ShapeError if there are fewer channels than directions, DTypeError unless x is floating.
 */
export function shift(x: FunctionOperand, ksize: Sizes = 3, dilate: Sizes = 1): Variable {
  x = input('shift', 'x', x);
  const op = 'shift';
  const k = pair(op, 'ksize', ksize, 1);
  if (k.some((size) => size % 2 === 0)) throw new ValueError(`${op}: ksize (${k}) must be odd`);
  checkNdim(op, 'x', x, 'N, C, H, W');
  if (x.shape[1] < k[0] * k[1]) {
    throw new ShapeError(`${op}: ${k[0] * k[1]} directions need as many channels, got x ${formatShape(x.shape)}`);
  }
  return new Shift(k, pair(op, 'dilate', dilate, 1)).apply([x])[0];
}
