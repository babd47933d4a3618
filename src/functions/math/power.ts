import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, isArray, withArrays } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { log } from './log.js';
import { mul } from './multiply.js';
import { sub } from './subtract.js';

class Power extends FunctionNode {
  override forward([a, b]: readonly NDArray[]): NDArray[] {
    checkFloating('pow', a, b);
    this.retainInputs(0, 1);
    return [binary('power', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [a, b] = this.getRetainedInputs();
    return targets.map((i) =>
      i === 0 ? sumTo(mul(mul(b, pow(a, sub(b, 1))), gy), a.shape) : sumTo(mul(mul(log(a), pow(a, b)), gy), b.shape),
    );
  }
}

class PowerConstant extends FunctionNode {
  constructor(private readonly exponent: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('pow', x);
    this.retainInputs(0);
    return [this.exponent === 2 ? binary('multiply', x, x) : binary('power', x, this.exponent)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const c = this.exponent;
    // c·xᶜ⁻¹ written without 0·x⁻¹, which is NaN at 0.
    if (c === 0) return [mul(gy, 0)];
    return [mul(c === 1 ? gy : mul(gy, pow(x, c - 1)), c)];
  }
}

class ConstantPower extends FunctionNode {
  constructor(private readonly base: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('pow', x);
    this.retainOutputs(0);
    return [binary('power', this.base, x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    return [mul(mul(y, gy), Math.log(this.base))];
  }
}

/** aᵇ, broadcast. @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast. */
export function pow(a: FunctionOperand, b: FunctionOperand): Variable {
  if (isArray(a)) {
    if (isArray(b)) return new Power().apply([a, b])[0];
    if (typeof b === 'number') return new PowerConstant(b).apply([a])[0];
  } else if (typeof a === 'number' && isArray(b)) return new ConstantPower(a).apply([b])[0];
  return withArrays('pow', pow, a, b);
}
