import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, isArray, withArrays } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';

class Divide extends FunctionNode {
  override forward([a, b]: readonly NDArray[]): NDArray[] {
    checkFloating('div', a, b);
    this.retainInputs(0, 1);
    return [binary('divide', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [a, b] = this.getRetainedInputs();
    const ga = div(gy, b);
    return targets.map((i) => (i === 0 ? sumTo(ga, a.shape) : sumTo(neg(mul(ga, div(a, b))), b.shape)));
  }
}

/** c / x for a number c: the derivative is −c/x². */
class Reciprocal extends FunctionNode {
  constructor(private readonly constant: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('div', x);
    this.retainInputs(0);
    return [binary('divide', this.constant, x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    return [mul(gy, div(-this.constant, mul(x, x)))];
  }
}

/** Division by a number. Multiplying by 1 / c would round differently. */
class DivideConstant extends FunctionNode {
  constructor(private readonly constant: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('div', x);
    return [binary('divide', x, this.constant)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [div(gy, this.constant)];
  }
}

/** a / b, broadcast. @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast. */
export function div(a: FunctionOperand, b: FunctionOperand): Variable {
  if (isArray(a)) {
    if (isArray(b)) return new Divide().apply([a, b])[0];
    if (typeof b === 'number') return new DivideConstant(b).apply([a])[0];
  } else if (typeof a === 'number' && isArray(b)) return new Reciprocal(a).apply([b])[0];
  return withArrays('div', div, a, b);
}
