/** Checks that the channels of x, W and b fit, for convolutions and transposed convolutions. */
import type { VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape } from '../../ndarray/shape.js';
import { batchAxisNames, channelsLastRemedy, weightsRemedy } from '../arguments/remedies.js';

/** The layout of W: (O, C/groups, …) for a convolution, (C, O/groups, …) for a transposed one. */
export type WeightLayout = 'output first' | 'input first';

/**
 * Refuses channels that do not fit.
 *
 * @throws ValueError unless the number of groups is a positive integer, ShapeError if it does not divide W's first axis, if
 *   x has other channels than W expects, or if b (O,) does not fit.
 */
export function checkChannels(
  op: string,
  layout: WeightLayout,
  x: VariableLike,
  W: VariableLike,
  b: VariableLike | null,
  groups: number,
): void {
  if (!Number.isInteger(groups) || groups < 1) {
    throw new ValueError(`${op}: groups is ${groups}, expected a positive integer`);
  }
  const shapes = `(x ${formatShape(x.shape)}, W ${formatShape(W.shape)}, groups ${groups})`;
  const [first, perGroup] = W.shape;
  const [c, o, side] =
    layout === 'output first' ? [perGroup * groups, first, 'output'] : [first, perGroup * groups, 'input'];
  if (x.shape[1] !== c) {
    const remedy =
      channelsLastRemedy('x', x.shape, batchAxisNames(x.shape.length), c) || weightsRemedy(W.shape, x.shape[1]);
    throw new ShapeError(`${op}: x has ${x.shape[1]} channels but W expects ${c} ${shapes}${remedy}`);
  }
  if (first % groups !== 0) {
    throw new ShapeError(`${op}: ${first} ${side} channels do not divide into ${groups} groups ${shapes}`);
  }
  if (b && (b.shape.length !== 1 || b.shape[0] !== o)) {
    throw new ShapeError(`${op}: b ${formatShape(b.shape)} does not fit ${o} output channels ${shapes}`);
  }
}
