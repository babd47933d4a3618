/** What nobody reads need not be computed. */
import { type Graph, type GraphNode, readsOf, writesOf } from '../graph.js';

/** The nodes without those whose results nobody needs. */
export function withoutDeadNodes({ inputs, outputs, nodes }: Graph): Graph {
  const needed = new Set(outputs.map(({ buffer }) => buffer));
  const kept: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!writesOf(node).some(({ buffer }) => needed.has(buffer))) continue;
    kept.push(node);
    for (const { buffer } of readsOf(node)) needed.add(buffer);
  }
  return { inputs, outputs, nodes: kept.reverse() };
}
