import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { add, expm1, greater, logicalNot, multiply, type NDArray, where } from '../../ndarray/np.js';
import { checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { passWhere } from '../nodes/piecewise.js';

class ELU extends FunctionNode {
  constructor(private readonly alpha: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('elu', x);
    this.retainInputs(0);
    this.retainOutputs(0);
    return [where(greater(x, 0), x, multiply(expm1(x), this.alpha))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const [y] = this.getRetainedOutputs();
    return [mul(new ELUDerivative(this.alpha, greater(x.array, 0)).apply([y])[0], gy)];
  }
}

/** The derivative from the result: 1 where x > 0, else y + α, because α·eˣ = α·(eˣ − 1) + α. */
class ELUDerivative extends FunctionNode<readonly NDArray[], [positive: NDArray]> {
  constructor(
    private readonly alpha: number,
    positive: NDArray,
  ) {
    super();
    this.save(positive);
  }

  override forward([y]: readonly NDArray[]): NDArray[] {
    const [positive] = this.saved;
    return [where(positive, 1, add(y, this.alpha))];
  }

  override backward(_targets: readonly number[], [ggy]: readonly Variable[]): Variable[] {
    const [positive] = this.saved;
    return [passWhere(logicalNot(positive), ggy)];
  }
}

/**
 * x where x > 0, alpha·(eˣ − 1) elsewhere; follows chainer.functions.elu. Clevert et al., https://arxiv.org/abs/1511.07289.
 *
 * @param alpha default 1
 * @throws DTypeError unless x is floating.
 */
export function elu(x: FunctionOperand, alpha = 1): Variable {
  x = input('elu', 'x', x);
  checkScalars('elu', { alpha });
  return new ELU(alpha).apply([x])[0];
}
