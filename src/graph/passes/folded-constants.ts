/** Constant folding: a result that depends on constants alone is a constant, and the recording has computed it. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';
import { NodesOf } from './uses.js';

/**
 * The graph without nodes that only depend on constants. The recording ran them, so their results become constants.
 *
 * The nodes that stay are found from the inputs onwards: first the nodes that read or write a varying buffer, then those of the
 * buffers that these nodes write. Each node is visited once.
 */
export function withFoldedConstants(graph: Graph): Graph {
  const { nodes } = graph;
  const users = new NodesOf();
  const places = new Map<GraphNode, number>();
  const lastWrite = new Map<GraphBuffer, number>();
  for (const [place, node] of nodes.entries()) {
    places.set(node, place);
    for (const { buffer } of readsOf(node)) users.add(buffer, node);
    for (const { buffer } of writesOf(node)) {
      users.add(buffer, node);
      lastWrite.set(buffer, place);
    }
  }
  const varying = new Set<GraphBuffer>();
  const pending: GraphBuffer[] = [];
  const vary = (buffer: GraphBuffer) => {
    if (buffer.kind === 'constant' || varying.has(buffer)) return;
    varying.add(buffer);
    pending.push(buffer);
  };
  const kept = new Set<GraphNode>();
  const stay = (node: GraphNode) => {
    if (kept.has(node)) return;
    kept.add(node);
    for (const { buffer } of writesOf(node)) vary(buffer);
    // A constant holds what its last writer left. A node that reads the buffer earlier needs the writers to run.
    for (const { buffer } of readsOf(node)) if ((lastWrite.get(buffer) ?? -1) > (places.get(node) ?? 0)) vary(buffer);
  };
  for (const buffer of users.buffers()) if (buffer.kind === 'input') vary(buffer);
  for (const node of nodes) if (node.op === 'random') stay(node);
  for (let buffer = pending.pop(); buffer; buffer = pending.pop()) for (const node of users.get(buffer)) stay(node);
  // The host wrote the buffers that no node writes, such as a parameter initialized during the recording.
  for (const buffer of [...users.buffers(), ...graph.outputs.map((output) => output.buffer)])
    if (buffer.kind === 'computed' && !varying.has(buffer)) buffer.kind = 'constant';
  return { ...graph, nodes: nodes.filter((node) => kept.has(node)) };
}
