import { Chain } from '../../core/chain.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { relu } from '../../functions/activation/relu.js';
import { sigmoid } from '../../functions/activation/sigmoid.js';
import { type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { add } from '../../functions/math/add.js';
import { mul } from '../../functions/math/multiply.js';
import { sub } from '../../functions/math/subtract.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import { Linear } from './linear.js';

/** Options of {@link Highway}. */
export interface HighwayOptions {
  /** Whether the linear layers have no biases. Default false. */
  nobias?: boolean;
  /** The activation of the plain path. Default relu. */
  activate?: (x: VariableLike) => Variable;
  /** The initial value of the weights of H. Default LeCunNormal. */
  initWh?: InitializerLike;
  /** The initial value of the weights of T. Default LeCunNormal. */
  initWt?: InitializerLike;
  /** The initial value of the bias of H. Default 0. */
  initBh?: InitializerLike;
  /** The initial value of the gate's bias. Default −1, with which most of x passes unchanged. */
  initBt?: InitializerLike;
}

/**
 * y = activate(plain(x))·g + x·(1−g), g = sigmoid(transform(x)) (Srivastava et al., 2015). Follows chainer.links.Highway.
 */
export class Highway extends Chain {
  /** Computes H(x), before the activation. */
  readonly plain: Linear;
  /** Computes T(x), before its sigmoid. */
  readonly transform: Linear;
  /** The activation of H. Default `F.relu`. */
  readonly activate: (x: VariableLike) => Variable;

  /**
   * @param inOutSize features of the input and of the output
   * @param options `nobias`, `activate`, and initial values
   */
  constructor(inOutSize: number, options: HighwayOptions = {}) {
    super();
    checkOptions('Highway', options, { nobias: 1, activate: 1, initWh: 1, initWt: 1, initBh: 1, initBt: 1 });
    const { nobias = false, activate = relu, initWh = null, initWt = null, initBh = 0, initBt = -1 } = options;
    this.activate = activate;
    this.plain = new Linear(inOutSize, inOutSize, { nobias, initialW: initWh, initialBias: initBh });
    this.transform = new Linear(inOutSize, inOutSize, { nobias, initialW: initWt, initialBias: initBt });
  }

  /** x (N, D) → (N, D). */
  forward(x: FunctionOperand): Variable {
    x = input('Highway', 'x', x);
    const gate = sigmoid(this.transform(x));
    return add(mul(this.activate(this.plain(x)), gate), mul(x, sub(1, gate)));
  }
}
