/** Dead nodes: nothing reads their results, so they need not run. */
import { type Graph, type GraphNode, readsOf, writesOf } from '../graph.js';

/** The graph without dead nodes. */
export function withoutDeadNodes(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ buffer }) => buffer));
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!writesOf(node).some(({ buffer }) => needed.has(buffer))) continue;
    kept.push(node);
    for (const { buffer } of readsOf(node)) needed.add(buffer);
  }
  return { ...graph, nodes: kept.reverse() };
}
