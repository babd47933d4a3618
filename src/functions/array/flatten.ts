import type { Variable, VariableLike } from '../../core/variable.js';
import { sizeOf } from '../../ndarray/shape.js';
import { reshape } from './reshape.js';

/** All elements in one axis, row-major. Follows chainer.functions.flatten. */
export function flatten(x: VariableLike): Variable {
  return reshape(x, [sizeOf(x.shape)]);
}
