import { composed } from '../../core/composed.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { astype, expandDims, notEqual, where } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { checkLabels, labelsOf } from '../arguments/labels.js';
import { arrayOf, checkFloating, type FunctionOperand, input, wholeInput } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { mul } from '../math/multiply.js';
import { takeAlong } from '../nodes/take-along.js';

/** Options of {@link embedId}. */
export interface EmbedIdOptions {
  /** Labels of this value give a row of zeros and no gradient. Default none. */
  ignoreLabel?: number | null;
}

/**
 * The rows of W at the labels: x int32 of any shape, W (V, D) → (…, D). Gradients of a row that is taken more than once add up.
 * Follows chainer.functions.embed_id.
 *
 * @example
 * F.embedId([2, 0], np.array([[1, 1], [2, 2], [3, 3]])).tolist(); // [[3, 3], [1, 1]]
 *
 * @throws IndexError if a label is not in [0, V), ShapeError unless W is (V, D), DTypeError unless x is int32 and W
 *   floating.
 */
export function embedId(x: FunctionOperand, W: FunctionOperand, options: EmbedIdOptions = {}): Variable {
  x = wholeInput('embedId', 'x', x);
  W = input('embedId', 'W', W, x);
  checkOptions('embedId', options, { ignoreLabel: 1 });
  return composed(() => {
    const op = 'embedId';
    const { ignoreLabel = null } = options;
    const labels = labelsOf(op, x);
    checkFloating(op, arrayOf(W));
    if (W.shape.length !== 2) throw new ShapeError(`${op}: W is ${formatShape(W.shape)}, expected (V, D)`);
    checkLabels(op, labels, W.shape[0], ignoreLabel);
    const shape = [...labels.shape, W.shape[1]];
    if (ignoreLabel === null) return reshape(takeAlong(W, labels.reshape(-1), 0), shape);
    const kept = notEqual(labels, ignoreLabel);
    const rows = reshape(takeAlong(W, where(kept, labels, 0).reshape(-1), 0), shape);
    return mul(rows, astype(expandDims(kept, kept.ndim), rows.dtype));
  });
}
