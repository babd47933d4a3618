import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkAlike, type FunctionOperand, isArray, withArrays } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { add } from './add.js';
import { neg } from './negative.js';

class Subtract extends FunctionNode {
  #shapes: readonly Shape[] = [];

  override forward([a, b]: readonly NDArray[]): NDArray[] {
    checkAlike('sub', a, b);
    this.#shapes = [a.shape, b.shape];
    return [binary('subtract', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map((i) => sumTo(i === 0 ? gy : neg(gy), this.#shapes[i]));
  }
}

/** a − b, broadcast. @throws DTypeError if dtypes differ, ShapeError if shapes do not broadcast. */
export function sub(a: FunctionOperand, b: FunctionOperand): Variable {
  if (isArray(a)) {
    if (isArray(b)) return new Subtract().apply([a, b])[0];
    if (typeof b === 'number') return add(a, -b);
  } else if (typeof a === 'number' && isArray(b)) return add(neg(b), a);
  return withArrays('sub', sub, a, b);
}
