import { composed } from '../../core/composed.js';
import { config } from '../../core/config.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { add, astype, fullLike, greaterEqual, multiply, type NDArray, random } from '../../ndarray/np.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { checkOptions } from '../../options.js';
import { arrayOf, checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { passWhere } from '../nodes/piecewise.js';

/** Options of {@link rrelu}. */
export interface RReLUOptions {
  /** The slopes, of x's shape and dtype, instead of random ones. Ignored in test mode. */
  r?: NDArray | null;
  /** Also return the slopes that were used. Default false. */
  returnR?: boolean;
}

/**
 * x where x ≥ 0, r·x elsewhere, with a random slope r from [l, u) for each element; in test mode r = (l + u) / 2. With
 * `returnR` also the slopes. Follows chainer.functions.rrelu. Xu et al., https://arxiv.org/abs/1505.00853.
 *
 * @param l default 1/8
 * @param u default 1/3
 * @throws ValueError unless 0 ≤ l < u < 1, ShapeError or DTypeError if r does not have x's shape and dtype.
 */
export function rrelu(
  x: FunctionOperand,
  l: number | undefined,
  u: number | undefined,
  options: RReLUOptions & { returnR: true },
): [y: Variable, r: NDArray];
export function rrelu(
  x: FunctionOperand,
  l?: number,
  u?: number,
  options?: RReLUOptions & { returnR?: false },
): Variable;
export function rrelu(
  x: FunctionOperand,
  l = 1 / 8,
  u = 1 / 3,
  options: RReLUOptions = {},
): Variable | [y: Variable, r: NDArray] {
  x = input('rrelu', 'x', x);
  checkScalars('rrelu', { l, u });
  checkOptions('rrelu', options, { r: 1, returnR: 1 });
  const { r = null, returnR = false } = options;
  return composed(() => {
    if (!(0 <= l && l < u && u < 1)) throw new ValueError(`rrelu: l is ${l} and u is ${u}, expected 0 ≤ l < u < 1`);
    const array = arrayOf(x);
    checkFloating('rrelu', array, ...(r ? [r] : []));
    if (r && !sameShape(r.shape, array.shape)) {
      throw new ShapeError(`rrelu: r ${formatShape(r.shape)} does not have the shape of x ${formatShape(array.shape)}`);
    }
    const slopes = config.train ? (r ?? drawSlopes(array, l, u)) : fullLike(array, (l + u) / 2);
    const y = passWhere(greaterEqual(array, 0), x, slopes);
    return returnR ? [y, slopes] : y;
  });
}

function drawSlopes(x: NDArray, l: number, u: number): NDArray {
  return astype(add(multiply(random.drawOnDevice('uniform', x.shape, x.device), u - l), l), x.dtype);
}
