/** What depends on constants alone is a constant: recording computed it already. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';

/**
 * The nodes without those that only depend on constants. Recording ran them, so the content of what they wrote is there:
 * such buffers become constants, provided no other node writes them.
 */
export function withFoldedConstants(graph: Graph): Graph {
  let { nodes } = graph;
  // What no node writes was written by the host, such as a parameter that got its shape on the way.
  const computed = new Set(nodes.flatMap((node) => writesOf(node).map(({ buffer }) => buffer)));
  for (const { buffer } of [...nodes.flatMap(readsOf), ...graph.outputs]) {
    if (buffer.kind === 'computed' && !computed.has(buffer)) buffer.kind = 'constant';
  }
  for (;;) {
    const varying = new Set<GraphBuffer>();
    for (const node of nodes) {
      const isConstant =
        node.op !== 'random' &&
        readsOf(node).every(({ buffer }) => buffer.kind === 'constant' || isWritten(node, buffer));
      if (!isConstant) for (const { buffer } of writesOf(node)) varying.add(buffer);
    }
    const kept = nodes.filter((node) => writesOf(node).some(({ buffer }) => varying.has(buffer)));
    if (kept.length === nodes.length) return { ...graph, nodes };
    const still = new Set(kept.flatMap((node) => writesOf(node).map(({ buffer }) => buffer)));
    for (const node of nodes) {
      for (const { buffer } of writesOf(node))
        if (!still.has(buffer) && buffer.kind === 'computed') buffer.kind = 'constant';
    }
    nodes = kept;
  }
}

function isWritten(node: GraphNode, buffer: GraphBuffer): boolean {
  return writesOf(node).some((ref) => ref.buffer === buffer);
}
