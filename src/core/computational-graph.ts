/** The graph behind variables as a picture: its functions, and the variables between them. */

import { ValueError } from '../errors.js';
import { checkOptions } from '../options.js';
import { drawGraph } from './graph-drawing.js';
import { type GraphFunction, Variable, VariableNode } from './variable.js';

/** A node of the picture. */
export type GraphNode = VariableNode | GraphFunction;

/** Attributes of Graphviz. */
export type DotStyle = Readonly<Record<string, string>>;

/** Options of {@link buildComputationalGraph}. */
export interface ComputationalGraphOptions {
  /** How variables look in DOT. */
  variableStyle?: DotStyle;
  /** How functions look in DOT. */
  functionStyle?: DotStyle;
  /** The direction of the graph in DOT. Default `TB`, top to bottom. */
  rankdir?: 'TB' | 'BT' | 'LR' | 'RL';
  /** Leave out the variables and connect functions directly. Default false. */
  removeVariable?: boolean;
  /** Label variables by their names where they have one. Default true. */
  showName?: boolean;
}

const VARIABLE_STYLE: DotStyle = { shape: 'octagon', fillcolor: '#E0E0E0', style: 'filled' };
const FUNCTION_STYLE: DotStyle = { shape: 'record', fillcolor: '#6495ED', style: 'filled' };

/** A graph as nodes and edges; follows chainer.computational_graph.ComputationalGraph. */
export class ComputationalGraph {
  readonly #options: Required<ComputationalGraphOptions>;

  constructor(
    /** Variables and functions, from the outputs backwards. */
    readonly nodes: readonly GraphNode[],
    /** Pairs of nodes, in the direction of computation. */
    readonly edges: readonly (readonly [from: GraphNode, to: GraphNode])[],
    options: ComputationalGraphOptions = {},
  ) {
    checkOptions('ComputationalGraph', options, {
      variableStyle: 1,
      functionStyle: 1,
      rankdir: 1,
      removeVariable: 1,
      showName: 1,
    });
    const { variableStyle = VARIABLE_STYLE, functionStyle = FUNCTION_STYLE, rankdir = 'TB' } = options;
    const { removeVariable = false, showName = true } = options;
    this.#options = { variableStyle, functionStyle, rankdir, removeVariable, showName };
  }

  /** The label of a node in the picture: the name of a function, the shape and dtype of a variable. */
  labelOf(node: GraphNode): string {
    if (!(node instanceof VariableNode)) return node.label;
    const { shape, dtype, name } = node;
    const kind = shape.length === 0 ? dtype : `(${shape.join(', ')}${shape.length === 1 ? ',' : ''}), ${dtype}`;
    return this.#options.showName && name !== null ? `${name}: ${kind}` : kind;
  }

  /** The graph as text: `dot`, for Graphviz, or `svg`, drawn here. @throws ValueError for another format. */
  dump(format: 'dot' | 'svg' = 'dot'): string {
    if (format === 'dot') return this.#toDot();
    if (format !== 'svg') throw new ValueError(`dump: format '${format}' is not 'dot' or 'svg'`);
    const boxes = this.nodes.map((node) => ({
      label: this.labelOf(node),
      rounded: node instanceof VariableNode,
      fill: (node instanceof VariableNode ? this.#options.variableStyle : this.#options.functionStyle).fillcolor,
    }));
    const places = new Map(this.nodes.map((node, i) => [node, i]));
    const arrows = this.edges.map(([from, to]) => [places.get(from) ?? 0, places.get(to) ?? 0] as const);
    return drawGraph(boxes, arrows);
  }

  #toDot(): string {
    const { variableStyle, functionStyle, rankdir } = this.#options;
    const ids = new Map(this.nodes.map((node, i) => [node, i]));
    const nodes = this.nodes.map((node) => {
      const style = node instanceof VariableNode ? variableStyle : functionStyle;
      const attributes = Object.entries({ label: this.labelOf(node), ...style });
      return `${ids.get(node)} [${attributes.map(([key, value]) => `${key}="${value.replaceAll('"', '\\"')}"`).join(',')}];`;
    });
    const edges = this.edges.map(([from, to]) => `${ids.get(from)} -> ${ids.get(to)};`);
    return `digraph graphname{rankdir=${rankdir};${nodes.join('')}${edges.join('')}}`;
  }
}

/** The functions that made the inputs of a function. */
function functionsBefore(fn: GraphFunction): GraphFunction[] {
  return [...new Set(fn.inputs.flatMap(({ creator }) => creator ?? []))];
}

function nodesBefore(node: GraphNode, removeVariable: boolean): readonly GraphNode[] {
  if (node instanceof VariableNode) return node.creator ? [node.creator] : [];
  return removeVariable ? functionsBefore(node) : [...new Set(node.inputs)];
}

/** The graph behind variables (or nodes); follows chainer.computational_graph.build_computational_graph. */
export function buildComputationalGraph(
  outputs: Variable | readonly (Variable | GraphNode)[],
  options: ComputationalGraphOptions = {},
): ComputationalGraph {
  checkOptions('buildComputationalGraph', options, {
    variableStyle: 1,
    functionStyle: 1,
    rankdir: 1,
    removeVariable: 1,
    showName: 1,
  });
  const { removeVariable = false } = options;
  const roots = (outputs instanceof Variable ? [outputs] : outputs).map((o) => (o instanceof Variable ? o.node : o));
  const starts = removeVariable
    ? roots.flatMap((node) => (node instanceof VariableNode ? (node.creator ?? []) : node))
    : roots;
  const nodes = new Set<GraphNode>(starts);
  const edges: (readonly [GraphNode, GraphNode])[] = [];
  // Iterating over a Set visits the items that are added on the way.
  for (const node of nodes) {
    for (const before of nodesBefore(node, removeVariable)) {
      edges.push([before, node]);
      nodes.add(before);
    }
  }
  return new ComputationalGraph([...nodes], edges, options);
}
