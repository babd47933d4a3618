/** What is done to a graph between recording and running, in order. */
import type { Graph } from '../graph.js';
import type { Constants } from './constants.js';
import { withoutDeadNodes } from './dead-nodes.js';
import { withFoldedConstants } from './folded-constants.js';
import { withFusedProducts } from './fused-products.js';
import { withMergedScales } from './merged-scales.js';
import { withWrittenOutAffines } from './written-out-affines.js';

/** The graph that computes the same with fewer nodes. What it needs of new constants is added to `constants`. */
export function optimized(graph: Graph, constants: Constants): Graph {
  const alive = withoutDeadNodes(withFoldedConstants(withoutDeadNodes(graph)));
  return withMergedScales(withFusedProducts(withWrittenOutAffines(alive), constants), constants);
}
