/** The larger or the smaller of two operands: the function behind maximum and minimum. */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, logicalNot, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { passWhere } from '../nodes/piecewise.js';

/** True where the first operand is chosen, also at ties. */
const CHOOSES_FIRST = { maximum: 'greaterEqual', minimum: 'lessEqual' } as const;

type Op = keyof typeof CHOOSES_FIRST;

class LargerOrSmaller extends FunctionNode {
  constructor(private readonly op: Op) {
    super();
  }

  override get label(): string {
    return this.op;
  }

  override forward([x1, x2]: readonly NDArray[]): NDArray[] {
    checkFloating(this.op, x1, x2);
    this.retainInputs(0, 1);
    return [binary(this.op, x1, x2)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const inputs = this.getRetainedInputs();
    const [x1, x2] = inputs.map((x) => x.array);
    const first = binary(CHOOSES_FIRST[this.op], x1, x2);
    return targets.map((i) => sumTo(passWhere(i === 0 ? first : logicalNot(first), gy), inputs[i].shape));
  }
}

/** One of the two operands for each element, broadcast; a number takes the dtype of the other operand. */
export function largerOrSmaller(op: Op, x1: FunctionOperand, x2: FunctionOperand): Variable {
  const a = input(op, 'x1', x1, x2);
  return new LargerOrSmaller(op).apply([a, input(op, 'x2', x2, a)])[0];
}
