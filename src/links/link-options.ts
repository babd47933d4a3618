/** Options that links with a weight and a bias share. */
import type { InitializerLike } from '../initializers/initializer.js';

/** Options of links with a weight W and a bias b. */
export interface WeightOptions {
  /** Whether the link has no bias. Default false. */
  nobias?: boolean;
  /** The initial value of W. Default LeCunNormal. */
  initialW?: InitializerLike;
  /** The initial value of b. Default 0. */
  initialBias?: InitializerLike;
}
