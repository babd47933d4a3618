import type { Variable, VariableLike } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { broadcastShapes, type Shape } from '../../ndarray/shape.js';
import { broadcastTo } from './broadcast-to.js';

/**
 * All arguments, broadcast to the one shape that they broadcast to together. Follows chainer.functions.broadcast.
 *
 * @throws ShapeError if they do not broadcast.
 */
export function broadcast(...args: VariableLike[]): Variable[] {
  if (args.length === 0) throw new ValueError('broadcast: no arguments');
  const shape = args.reduce<Shape>((common, x) => broadcastShapes('broadcast', common, x.shape), []);
  return args.map((x) => broadcastTo(x, shape));
}
