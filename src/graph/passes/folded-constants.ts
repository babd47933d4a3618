/** What depends on constants alone is a constant: recording computed it already. */
import { type Graph, type GraphBuffer, type GraphNode, readsOf, writesOf } from '../graph.js';

/** The nodes that read and write a buffer, and the place of the last that writes it. */
interface BufferUses {
  readonly nodes: Set<GraphNode>;
  lastWrite: number;
}

/**
 * The nodes without those that only depend on constants. Recording ran them, so the content of what they wrote is there: such
 * buffers become constants.
 *
 * What must stay is found from the inputs onwards: nodes that read or write a buffer that varies, and then the buffers that these
 * write. So each node is visited once.
 */
export function withFoldedConstants(graph: Graph): Graph {
  const { nodes } = graph;
  const uses = new Map<GraphBuffer, BufferUses>();
  const usesOf = (buffer: GraphBuffer): BufferUses => {
    const found = uses.get(buffer) ?? { nodes: new Set(), lastWrite: -1 };
    uses.set(buffer, found);
    return found;
  };
  const places = new Map(nodes.map((node, place) => [node, place]));
  for (const [node, place] of places) {
    for (const { buffer } of readsOf(node)) usesOf(buffer).nodes.add(node);
    for (const { buffer } of writesOf(node)) {
      usesOf(buffer).nodes.add(node);
      usesOf(buffer).lastWrite = place;
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
    // A constant is what its last writer leaves; who reads it earlier needs the writers to run.
    for (const { buffer } of readsOf(node)) if (usesOf(buffer).lastWrite > (places.get(node) ?? 0)) vary(buffer);
  };
  for (const buffer of uses.keys()) if (buffer.kind === 'input') vary(buffer);
  for (const node of nodes) if (node.op === 'random') stay(node);
  for (let buffer = pending.pop(); buffer; buffer = pending.pop()) for (const node of usesOf(buffer).nodes) stay(node);
  // What no node writes was written by the host, such as a parameter that got its shape on the way.
  for (const buffer of [...uses.keys(), ...graph.outputs.map((output) => output.buffer)])
    if (buffer.kind === 'computed' && !varying.has(buffer)) buffer.kind = 'constant';
  return { ...graph, nodes: nodes.filter((node) => kept.has(node)) };
}
