/** A graph as DOT, the language of Graphviz. */
import { formatShape } from '../ndarray/shape.js';
import { type Graph, type GraphNode, readsOf, writesOf } from './graph.js';

/** The operation of a node: the primitive, with the operation's name if the primitive has several, as in `binary add`. */
export function labelOf({ op, args }: GraphNode): string {
  const [name] = args;
  return typeof name === 'string' ? `${op} ${name}` : op;
}

/** The DOT text of a graph. Boxes are calls; ellipses are inputs, outputs and constants; edges carry shapes. */
export function toDot(graph: Graph): string {
  const lines = ['digraph {', '  rankdir=TB; node [shape=box];'];
  const source = new Map<number, string>();
  graph.inputs.forEach(({ buffer, shape }, i) => {
    source.set(buffer.id, `in${i}`);
    lines.push(`  in${i} [shape=ellipse, label="input ${i} ${formatShape(shape)}"];`);
  });
  graph.nodes.forEach((node, i) => {
    lines.push(`  n${i} [label="${labelOf(node)}"];`);
    for (const { buffer, shape } of readsOf(node)) {
      const from = source.get(buffer.id) ?? `c${buffer.id < 0 ? `_${-buffer.id}` : buffer.id}`;
      if (!source.has(buffer.id)) {
        source.set(buffer.id, from);
        lines.push(`  ${from} [shape=ellipse, style=dashed, label="constant ${formatShape(shape)}"];`);
      }
      lines.push(`  ${from} -> n${i} [label="${formatShape(shape)}"];`);
    }
    for (const { buffer } of writesOf(node)) source.set(buffer.id, `n${i}`);
  });
  graph.outputs.forEach(({ buffer, shape }, i) => {
    lines.push(`  out${i} [shape=ellipse, label="output ${i} ${formatShape(shape)}"];`);
    lines.push(`  ${source.get(buffer.id)} -> out${i};`);
  });
  return `${lines.join('\n')}\n}\n`;
}
