/** The initializer that a value stands for. */
import { ofThisCopy } from '../ndarray/conversion.js';
import { array, NDArray } from '../ndarray/np.js';
import { inWords } from '../options.js';
import { Constant } from './constant.js';
import type { Initializer, InitializerLike } from './initializer.js';
import { LeCunNormal } from './normal.js';

/**
 * The initializer that a value stands for: null is LeCunNormal, a number or an array is Constant. Follows
 * chainer.initializers._get_initializer.
 *
 * @throws TypeError for any other value.
 */
export function toInitializer(value: InitializerLike): Initializer {
  if (value === null || value === undefined) return new LeCunNormal();
  value = ofThisCopy('initializer', value);
  if (typeof value === 'number' || value instanceof NDArray) return new Constant(value);
  if (typeof value === 'function') return { fill: value };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return new Constant(array(value));
  if (typeof value === 'object' && 'fill' in value && typeof value.fill === 'function') return value;
  throw new TypeError(
    `initializer: ${inWords(value)} is not an initializer; expected a number, an array, a function, null or one of initializers`,
  );
}
