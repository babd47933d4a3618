import { Link } from '../../core/link.js';
import { Parameter as LearntVariable } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import type { NDArray } from '../../ndarray/np.js';

/** Outside of the link: bundled, its class and the variable's have one name, which there means the link. */
const learnt = (array: NDArray) => new LearntVariable(array, null, { name: 'W' });

/** A link that is nothing but a learnt array W, which a call returns. Follows chainer.links.Parameter. */
export class Parameter extends Link {
  /** What a call gives. */
  readonly W: LearntVariable;

  /**
   * @param array what W starts as
   */
  constructor(array: NDArray) {
    super();
    this.W = learnt(array);
  }

  /** W. */
  forward(): Variable {
    return this.W;
  }
}
