import { FunctionNode } from '../../core/function-node.js';
import { asVariable, type Variable } from '../../core/variable.js';
import { checkDType } from '../../ndarray/dtype.js';
import { astype, type DType, type NDArray } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Cast extends FunctionNode {
  #from: DType = 'float32';

  constructor(private readonly to: DType) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.#from = x.dtype;
    return [astype(x, this.to)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [cast(gy, this.#from)];
  }
}

/**
 * x with another dtype; floats become integers by dropping their fraction. No gradient flows through integers. Follows
 * chainer.functions.cast.
 *
 * @throws DTypeError if the device does not hold the dtype, or there is no such dtype.
 */
export function cast(x: FunctionOperand, typ: DType): Variable {
  x = input('cast', 'x', x);
  return checkDType('cast', typ) === x.dtype ? asVariable(x) : new Cast(typ).apply([x])[0];
}
