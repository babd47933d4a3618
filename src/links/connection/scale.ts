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
  /** Whether to add a learnt bias. Default false. */
  biasTerm?: boolean;
  /** The shape of the bias, if the factors are arguments of the call. */
  biasShape?: Shape | null;
}

/**
 * Multiplies by a learnt array along the axes of x that start at `axis`, and adds another one with `biasTerm`; see `F.scale`. Without a
 * shape, the factor is the second argument of the call. Follows chainer.links.Scale.
 */
export class Scale extends Chain {
  /** The factors; null: they are an argument of each call. */
  readonly W: Parameter | null;
  /** The link that adds a bias after the product; null: none. */
  readonly bias: Bias | null;

  /**
   * @param WShape the shape of the learnt factors; null: the factors are an argument of each call
   * @param options `biasTerm`, `biasShape`
   */
  constructor(
    /** The axis of x that is the factors' first. */
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

  /** x·W + b. @throws ValueError if there are no factors, or if there are two. */
  forward(x: FunctionOperand, y: FunctionOperand | null = null): Variable {
    const factor = this.W ?? y;
    if (factor === null || (this.W && y))
      throw new ValueError('Scale: the factor belongs either to the link (WShape) or to the call (y)');
    const scaled = scale(x, factor, this.axis);
    return this.bias ? this.bias(scaled) : scaled;
  }
}
