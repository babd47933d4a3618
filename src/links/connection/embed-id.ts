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
  /** What W starts as. Default N(0, 1). */
  initialW?: InitializerLike;
  /** Labels of this value give zeros. Default none. */
  ignoreLabel?: number | null;
}

/** A learnt vector for each label: rows of W (in, out); see `F.embedId`. Follows chainer.links.EmbedID. */
export class EmbedID extends Link {
  /** The vectors (ids, size). */
  readonly W: Parameter;
  /** The id whose vector is zeros; null: none. */
  readonly ignoreLabel: number | null;

  /**
   * @param inSize how many labels there are: they go from 0 to inSize − 1
   * @param outSize length of the vector of each label
   * @param options `initialW`, and the label that is ignored
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
