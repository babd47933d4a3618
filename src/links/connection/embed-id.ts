import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { embedId } from '../../functions/connection/embed-id.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { Normal } from '../../initializers/normal.js';
import { checkOptions } from '../../options.js';

/** Options of {@link EmbedID}. */
export interface EmbedIDOptions {
  /** The initial value of W. Default N(0, 1). */
  initialW?: InitializerLike;
  /** The label whose vector is zeros. Default: none. */
  ignoreLabel?: number | null;
}

/**
 * A learnt vector for each label, a row of W (in, out); see `F.embedId`. Follows chainer.links.EmbedID.
 *
 * @example
 * const embed = new L.EmbedID(3, 2, { initialW: np.array([[0, 1], [2, 3], [4, 5]]) });
 * embed(np.array([2, 0], 'int32')).array.tolist(); // [[4, 5], [0, 1]]
 */
export class EmbedID extends Link {
  /** The vectors (ids, size). */
  readonly W: Parameter;
  /** The id whose vector is zeros; null: none. */
  readonly ignoreLabel: number | null;

  /**
   * @param inSize the number of labels, which are 0 to inSize − 1
   * @param outSize length of the vector of each label
   * @param options `initialW`, `ignoreLabel`
   */
  constructor(inSize: number, outSize: number, options: EmbedIDOptions = {}) {
    super();
    checkOptions('EmbedID', options, { initialW: 1, ignoreLabel: 1 });
    checkCounts('EmbedID', { inSize, outSize });
    const { initialW = null, ignoreLabel = null } = options;
    this.ignoreLabel = ignoreLabel;
    this.W = new Parameter(initialW ?? new Normal(1), [inSize, outSize], { name: 'W' });
  }

  /** x int32 of any shape → (…, out). */
  forward(x: FunctionOperand): Variable {
    return embedId(x, this.W, { ignoreLabel: this.ignoreLabel });
  }
}
