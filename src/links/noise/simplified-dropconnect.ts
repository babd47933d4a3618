import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { simplifiedDropconnect } from '../../functions/noise/simplified-dropconnect.js';
import { sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/** Options of a call of {@link SimplifiedDropconnect}. */
export type DropconnectCall = NonNullable<Parameters<typeof simplifiedDropconnect>[4]>;

/** A linear layer whose weights are dropped at random; see `F.simplifiedDropconnect`. Follows Chainer's link of that name. */
export class SimplifiedDropconnect extends Link {
  /** The weights (out, in). */
  readonly W: Parameter;
  /** The bias (out,); null with `nobias`. */
  readonly b: Parameter | null;

  /**
   * @param inSize features of the input; null: set by the first call
   * @param options `nobias`, `initialW`, `initialBias`
   */
  constructor(
    inSize: number | null,
    /** The number of outputs. */
    readonly outSize: number,
    /** The probability that a weight is dropped in training. */
    readonly ratio = 0.5,
    options: WeightOptions = {},
  ) {
    super();
    checkOptions('SimplifiedDropconnect', options, { nobias: 1, initialW: 1, initialBias: 1 });
    checkCounts('SimplifiedDropconnect', { inSize: inSize ?? 0, outSize });
    const { nobias = false, initialW = null, initialBias = 0 } = options;
    this.W = new Parameter(initialW, inSize === null ? null : [outSize, inSize], { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [outSize], { name: 'b' });
  }

  /** x (N, …) → (N, out). */
  forward(x: FunctionOperand, options: DropconnectCall = {}): Variable {
    x = input('SimplifiedDropconnect', 'x', x);
    if (!this.W.isInitialized) {
      if (x.shape.length < 2) checkNdim('SimplifiedDropconnect', 'x', x, 'N, in');
      this.W.initialize([this.outSize, sizeOf(x.shape.slice(1))]);
    }
    return simplifiedDropconnect(x, this.W, this.b, this.ratio, options);
  }
}
