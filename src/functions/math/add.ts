import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkAlike, type FunctionOperand, input, isArray, withArrays } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';

class Add extends FunctionNode {
  #shapes: readonly Shape[] = [];

  override forward([a, b]: readonly NDArray[]): NDArray[] {
    checkAlike('add', a, b);
    this.#shapes = [a.shape, b.shape];
    return [binary('add', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map((i) => sumTo(gy, this.#shapes[i]));
  }
}

class AddConstant extends FunctionNode {
  constructor(private readonly constant: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    return [binary('add', x, this.constant)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [gy];
  }
}

/**
 * a + b, broadcast; with more operands their sum, as in chainer.functions.add.
 *
 * @throws DTypeError if dtypes differ, ShapeError if shapes do not broadcast.
 */
export function add(...operands: FunctionOperand[]): Variable {
  if (operands.length === 0) throw new ValueError('add: no operands');
  return asVariable(input('add', 'the operand', operands.reduce(addTwo)));
}

function addTwo(a: FunctionOperand, b: FunctionOperand): Variable {
  if (isArray(a)) {
    if (isArray(b)) return new Add().apply([a, b])[0];
    if (typeof b === 'number') return new AddConstant(b).apply([a])[0];
  } else if (typeof a === 'number' && isArray(b)) return new AddConstant(a).apply([b])[0];
  return withArrays('add', addTwo, a, b);
}
