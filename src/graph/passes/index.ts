/** The passes over a graph between its recording and its first run, in order. */
import type { Graph } from '../graph.js';
import type { Constants } from './constants.js';
import { withoutDeadNodes } from './dead-nodes.js';
import { withFoldedConstants } from './folded-constants.js';
import { withFusedProducts } from './fused-products.js';
import { withMergedScales } from './merged-scales.js';
import { withWrittenOutAffines } from './written-out-affines.js';

/** A graph that computes the same with fewer nodes. `constants` owns the new constants. */
export function optimized(graph: Graph, constants: Constants): Graph {
  const alive = withoutDeadNodes(withFoldedConstants(withoutDeadNodes(graph)));
  return withMergedScales(withFusedProducts(withWrittenOutAffines(alive), constants), constants);
}
