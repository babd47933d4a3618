/** Turns a primitive of one array into a differentiable function, given its derivative. */
import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type NDArray, type UnaryOp, unary } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';

/**
 * The derivative of y = f(x), times gy: `ofInput` computes it from x, `ofOutput` from y, whichever is cheaper. null: f is flat almost
 * everywhere, so no gradient flows, and f takes integers too.
 */
export type Derivative =
  | { ofInput: (x: Variable, gy: Variable) => Variable }
  | { ofOutput: (y: Variable, gy: Variable) => Variable }
  | null;

class Elementwise extends FunctionNode {
  constructor(
    private readonly op: UnaryOp,
    private readonly derivative: Derivative,
  ) {
    super();
  }

  override get label(): string {
    return this.op;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    if (this.derivative) checkFloating(this.op, x);
    if (this.derivative && 'ofInput' in this.derivative) this.retainInputs(0);
    if (this.derivative && 'ofOutput' in this.derivative) this.retainOutputs(0);
    return [unary(this.op, x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): (Variable | null)[] {
    if (!this.derivative) return [null];
    return 'ofInput' in this.derivative
      ? [this.derivative.ofInput(this.getRetainedInputs()[0], gy)]
      : [this.derivative.ofOutput(this.getRetainedOutputs()[0], gy)];
  }
}

/** The differentiable function of a primitive. */
export function elementwise(op: UnaryOp, derivative: Derivative): (x: FunctionOperand) => Variable {
  // The computed key names the function, for Sequentials and stack traces.
  return { [op]: (x: FunctionOperand) => new Elementwise(op, derivative).apply([input(op, 'x', x)])[0] }[op];
}
