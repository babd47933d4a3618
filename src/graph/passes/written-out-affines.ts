/**
 * Affine maps by constants, such as batch normalization in test mode. After a product, an affine map is written out as a difference,
 * a product and a sum, which fusion merges into the weights. Elsewhere it stays one walk over memory.
 */
import type { BinaryOp } from '../../backends/ops.js';
import type { AffineCoefficients } from '../../backends/primitives.js';
import { type Graph, type GraphBuffer, type GraphNode, writesOf } from '../graph.js';

const STEPS = [
  ['subtract', 'center'],
  ['multiply', 'scale'],
  ['add', 'shift'],
] as const satisfies readonly (readonly [BinaryOp, keyof AffineCoefficients])[];

/** The graph with each affine map of a product's result as three binary operations. */
export function withWrittenOutAffines(graph: Graph): Graph {
  const products = new Set<GraphBuffer>();
  let ids = graph.nodes.flatMap(writesOf).reduce((id, { buffer }) => Math.max(id, buffer.id), 0);
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    if (node.op === 'conv2d' || node.op === 'matmul') for (const { buffer } of writesOf(node)) products.add(buffer);
    if (node.op !== 'affine') return [node];
    const [x, coefficients, addend, out] = node.args;
    const areConstant = Object.values(coefficients).every(({ buffer }) => buffer.kind === 'constant');
    if (addend || !areConstant || !products.has(x.buffer)) return [node];
    let from = x;
    return STEPS.map(([op, name]) => {
      const buffer: GraphBuffer = { ...out.buffer, id: ++ids, kind: 'computed', constant: null };
      const to = name === 'shift' ? out : { ...out, buffer };
      const step: GraphNode = { op: 'binary', args: [op, from, coefficients[name], to], layer: node.layer };
      from = to;
      return step;
    });
  });
  return { ...graph, nodes };
}
