/** What links with a weight and a bias take. */
import type { InitializerLike } from '../initializers/initializer.js';

/** Options of links with a weight W and a bias b. */
export interface WeightOptions {
  /** No bias. Default false. */
  nobias?: boolean;
  /** What W starts as. Default LeCunNormal. */
  initialW?: InitializerLike;
  /** What b starts as. Default 0. */
  initialBias?: InitializerLike;
}
