import { Chain } from '../../core/chain.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { scale } from '../../functions/math/scale.js';
import type { Shape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { Bias } from './bias.js';

/** Options of {@link Scale}. */
export interface ScaleOptions {
  /** Also add a learnt array. Default false. */
  biasTerm?: boolean;
  /** The shape of what is added, where W is not the link's. */
  biasShape?: Shape | null;
}

/**
 * Multiplies by a learnt array along axes of x from `axis` on, and adds another if asked; see `F.scale`. Without a shape
 * the factor is the second argument of the call. Follows chainer.links.Scale.
 */
export class Scale extends Chain {
  /** The factors; null: they are given at each call. */
  readonly W: Parameter | null;
  /** What adds a bias behind the product; null: nothing. */
  readonly bias: Bias | null;

  /**
   * @param WShape shape of the factors, which are learnt; null: they are given with each call
   * @param options `biasTerm` and its shape
   */
  constructor(
    /** The first axis of the input that the factors are aligned with. */
    readonly axis = 1,
    WShape: Shape | null = null,
    options: ScaleOptions = {},
  ) {
    super();
    checkOptions('Scale', options, { biasTerm: 1, biasShape: 1 });
    const { biasTerm = false, biasShape = null } = options;
    const added = WShape ?? biasShape;
    if (biasTerm && added === null) throw new ValueError('Scale: a bias term needs WShape or biasShape');
    this.W = WShape === null ? null : new Parameter(1, WShape, { name: 'W' });
    this.bias = biasTerm ? new Bias(axis, added) : null;
  }

  /** x·W + b. @throws ValueError if there is no factor, or two. */
  forward(x: FunctionOperand, y: FunctionOperand | null = null): Variable {
    const factor = this.W ?? y;
    if (factor === null || (this.W && y))
      throw new ValueError('Scale: give the factor either to the link or to the call');
    const scaled = scale(x, factor, this.axis);
    return this.bias ? this.bias(scaled) : scaled;
  }
}
