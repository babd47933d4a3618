import { composed } from '../../core/composed.js';
import { config } from '../../core/config.js';
import { asVariable, type Variable } from '../../core/variable.js';
import {
  arrayOf,
  checkFloating,
  checkSameShape,
  checkScalars,
  type FunctionOperand,
  input,
} from '../arguments/operands.js';
import { where } from '../array/where.js';
import { checkRatio, drawKept } from './ratio.js';

/**
 * In training, replaces each element of x by that of the previous state h with probability `ratio`. In test mode, returns x
 * itself. Follows chainer.functions.zoneout (arXiv:1606.01305).
 *
 * @param ratio default 0.5
 * @throws ValueError unless 0 ≤ ratio < 1, ShapeError if shapes differ, DTypeError if dtypes differ or are not floating.
 */
export function zoneout(h: FunctionOperand, x: FunctionOperand, ratio = 0.5): Variable {
  h = input('zoneout', 'h', h, x);
  x = input('zoneout', 'x', x, h);
  checkScalars('zoneout', { ratio });
  return composed(() => {
    checkRatio('zoneout', ratio);
    checkFloating('zoneout', arrayOf(h), arrayOf(x));
    checkSameShape('zoneout', h, x);
    if (!config.train) return asVariable(x);
    return where(drawKept(ratio, x.shape, arrayOf(x).device), x, h);
  });
}
