import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkNdim, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { linear } from '../../functions/connection/linear.js';
import { sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/** Options of {@link Linear}. */
export interface LinearLinkOptions extends WeightOptions {}
/**
 * y = x·Wᵀ + b with learnt W (out, in) and b (out,); see {@link linear}. With `inSize` null, or in the short form `new Linear(out)`, the
 * first call sets the number of input features. Follows chainer.links.Linear.
 *
 * @example
 * const fc = new L.Linear(3, 2, { initialW: 1, initialBias: 0.5 });
 * fc(np.array([[1, 2, 3]])).array.tolist(); // [[6.5, 6.5]]
 * [...fc.namedParams()].map(([path, { shape }]) => [path, shape]); // [['/W', [2, 3]], ['/b', [2]]]
 */
export class Linear extends Link {
  /** The weights (out, in). */
  readonly W: Parameter;
  /** The bias (out,); null with `nobias`. */
  readonly b: Parameter | null;
  /** The number of outputs. */
  readonly outSize: number;

  /**
   * @param inSize features of the input; null: set by the first call
   * @param outSize features of the output. Left out: the argument is `(outSize)`, and the first call sets those of the input
   * @param options `nobias`, `initialW`, `initialBias`
   */
  constructor(inSize: number | null, outSize?: number | null, options: LinearLinkOptions = {}) {
    super();
    checkOptions('Linear', options, { nobias: 1, initialW: 1, initialBias: 1 });
    const { nobias = false, initialW = null, initialBias = 0 } = options;
    const [nIn, nOut] = outSize === undefined || outSize === null ? [null, inSize ?? Number.NaN] : [inSize, outSize];
    checkCounts('Linear', { inSize: nIn ?? 0, outSize: nOut });
    this.outSize = nOut;
    this.W = new Parameter(initialW, nIn === null ? null : [nOut, nIn], { name: 'W' });
    this.b = nobias ? null : new Parameter(initialBias ?? 0, [nOut], { name: 'b' });
  }

  /** x (N, …) → (N, out), all but the first `nBatchAxes` (default 1) axes flattened. */
  forward(x: FunctionOperand, nBatchAxes = 1): Variable {
    x = input('Linear', 'x', x);
    if (nBatchAxes !== 1) checkCounts('Linear', { nBatchAxes }, 1);
    if (!this.W.isInitialized) {
      if (x.shape.length < 2) checkNdim('Linear', 'x', x, 'N, in');
      this.W.initialize([this.outSize, sizeOf(x.shape.slice(nBatchAxes))]);
    }
    return linear(x, this.W, this.b, { nBatchAxes });
  }
}
