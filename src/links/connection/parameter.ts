import { Link } from '../../core/link.js';
import { Parameter as LearntVariable } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import type { NDArray } from '../../ndarray/np.js';

/** Makes the parameter. It stands outside of the link: in a bundle both classes have one name, which inside the link means the link. */
const learnt = (array: NDArray) => new LearntVariable(array, null, { name: 'W' });

/** A link with a learnt array W, which a call returns. Follows chainer.links.Parameter. */
export class Parameter extends Link {
  /** The learnt array. */
  readonly W: LearntVariable;

  /** @param array the initial value of W */
  constructor(array: NDArray) {
    super();
    this.W = learnt(array);
  }

  /** W. */
  forward(): Variable {
    return this.W;
  }
}
