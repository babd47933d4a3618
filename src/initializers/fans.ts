/** The fans of a weight: the numbers of inputs and outputs that one of its elements connects. */
import { ValueError } from '../errors.js';
import { formatShape, type Shape, sizeOf } from '../ndarray/shape.js';

/** (fan in, fan out) of a weight: shape[1] and shape[0] times the receptive field. Follows chainer's get_fans. */
export function fans(shape: Shape): [fanIn: number, fanOut: number] {
  if (shape.length < 2) {
    throw new ValueError(`initializer: fans need a weight of at least 2 dimensions, got ${formatShape(shape)}`);
  }
  const field = sizeOf(shape.slice(2));
  return [shape[1] * field, shape[0] * field];
}
