import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { bilinear } from '../../functions/connection/bilinear.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import type { WeightOptions } from '../link-options.js';

/** Options of {@link Bilinear}. */
export interface BilinearOptions extends Omit<WeightOptions, 'initialBias'> {
  /** The initial values of V1, V2 and b, or of b alone. Default LeCunNormal, LeCunNormal, 0. */
  initialBias?: InitializerLike | readonly [V1: InitializerLike, V2: InitializerLike, b: InitializerLike];
}

/**
 * A learnt product of two inputs: y = e1ᵀ·W·e2 + e1·V1 + e2·V2 + b; see `F.bilinear`. W (left, right, out), V1 (left, out),
 * V2 (right, out), b (out,); with `nobias` only W. Follows chainer.links.Bilinear.
 */
export class Bilinear extends Link {
  /** The quadratic weights (left, right, out). */
  readonly W: Parameter;
  /** The linear weights of the first input (left, out); null with `nobias`. */
  readonly V1: Parameter | null;
  /** The linear weights of the second input (right, out); null with `nobias`. */
  readonly V2: Parameter | null;
  /** The bias (out,); null with `nobias`. */
  readonly b: Parameter | null;

  /**
   * @param leftSize features of the first input
   * @param rightSize features of the second input
   * @param outSize features of the output
   * @param options `nobias`, and initial values
   */
  constructor(leftSize: number, rightSize: number, outSize: number, options: BilinearOptions = {}) {
    super();
    checkOptions('Bilinear', options, { nobias: 1, initialW: 1, initialBias: 1 });
    checkCounts('Bilinear', { leftSize, rightSize, outSize });
    const { nobias = false, initialW = null, initialBias = 0 } = options;
    const [initialV1, initialV2, initialb] = isTriple(initialBias) ? initialBias : [null, null, initialBias ?? 0];
    this.W = new Parameter(initialW, [leftSize, rightSize, outSize], { name: 'W' });
    this.V1 = nobias ? null : new Parameter(initialV1, [leftSize, outSize], { name: 'V1' });
    this.V2 = nobias ? null : new Parameter(initialV2, [rightSize, outSize], { name: 'V2' });
    this.b = nobias ? null : new Parameter(initialb, [outSize], { name: 'b' });
  }

  /** e1 (N, …), e2 (N, …) flattened to (N, left) and (N, right) → (N, out). */
  forward(e1: FunctionOperand, e2: FunctionOperand): Variable {
    return bilinear(e1, e2, this.W, this.V1, this.V2, this.b);
  }
}

function isTriple(
  initialBias: NonNullable<BilinearOptions['initialBias']> | null,
): initialBias is readonly [InitializerLike, InitializerLike, InitializerLike] {
  return Array.isArray(initialBias);
}
