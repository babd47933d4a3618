import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { mul } from '../math/multiply.js';
import { pow } from '../math/power.js';
import { square } from '../math/square.js';
import { averagePooling2d } from '../pooling/average-pooling-2d.js';

/** Options of {@link localResponseNormalization}. */
export interface LocalResponseNormalizationOptions {
  /** The width n of the window over channels: ⌊n/2⌋ to each side. Default 5. */
  n?: number;
  /** The constant k. Default 2. */
  k?: number;
  /** The factor α. Unlike in Caffe, it is not divided by n. Default 1e-4. */
  alpha?: number;
  /** The exponent β. Default 0.75. */
  beta?: number;
}

/**
 * x_i / (k + α·Σ x_j²)^β, the sum over the channels j around i: x (N, C, …). Follows
 * chainer.functions.local_response_normalization (Krizhevsky et al., 2012).
 *
 * @throws ShapeError if x has no channels axis, ValueError unless n is a positive integer, DTypeError unless x is floating.
 */
export function localResponseNormalization(
  x: FunctionOperand,
  options: LocalResponseNormalizationOptions = {},
): Variable {
  x = input('localResponseNormalization', 'x', x);
  checkOptions('localResponseNormalization', options, { n: 1, k: 1, alpha: 1, beta: 1 });
  const { n = 5, k = 2, alpha = 1e-4, beta = 0.75 } = options;
  const op = 'localResponseNormalization';
  checkFloating(op, arrayOf(x));
  if (x.shape.length < 2) throw new ShapeError(`${op}: x is ${formatShape(x.shape)}, expected (N, C, …)`);
  if (!Number.isInteger(n) || n < 1) throw new ValueError(`${op}: n is ${n}, expected a positive integer`);
  const [batch, channels, ...rest] = x.shape;
  const half = Math.floor(n / 2);
  const width = 2 * half + 1;
  // A window over channels is a pooling window over the rows of (N, 1, C, …).
  const image = reshape(square(x), [batch, 1, channels, sizeOf(rest)]);
  const means = reshape(averagePooling2d(image, [width, 1], 1, [half, 0]), x.shape);
  return mul(x, pow(add(mul(means, alpha * width), k), -beta));
}
