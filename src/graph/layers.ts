/** The calls of a graph gathered into layers: what a person recognises of a network. */

import { bytesOf } from '../backends/shapes.js';
import type { BoundCall } from './calls.js';
import { macsOf } from './costs.js';
import { labelOf } from './dot.js';
import { constantsOf, type GraphNode, writesOf } from './graph.js';
import { asProduct } from './passes/product.js';

/** Calls that follow one another in one layer; a call outside of any layer is one by itself. */
export interface GraphLayer {
  /** The path of the link that made the calls, such as `res2/a/conv1`; else the name of the operation. */
  readonly layer: string;
  /** What is computed: `conv2d + residual + relu`, `copy ×4`. */
  readonly op: string;
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** Elements of weights and biases, as they are after batch normalization went into them. */
  readonly parameters: number;
  /** Multiplications and additions of convolutions and products, in pairs; of other operations none are counted. */
  readonly macs: number;
  /** How products are computed, where the device says so. */
  readonly algorithm: string;
  /** Bytes that the weights take, packed where they are. */
  readonly bytes: number;
  /** The places of the calls. */
  readonly from: number;
  readonly to: number;
}

/** What a call computes, with its epilogue. */
function described(node: GraphNode): string {
  const product = asProduct(node);
  if (!product) return labelOf(node);
  const { op, residual, activation } = product;
  return [op, ...(residual ? ['residual'] : []), ...(activation === 'none' ? [] : [activation])].join(' + ');
}

function rowOf(calls: readonly BoundCall[], from: number): GraphLayer {
  const nodes = calls.map(({ node }) => node);
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(described(node), (counts.get(described(node)) ?? 0) + 1);
  const constants = new Set(nodes.flatMap(constantsOf));
  let bytes = 0;
  let parameters = 0;
  const packed = new Set(calls.flatMap(({ unread }) => [...unread]));
  for (const buffer of constants) {
    parameters += buffer.size;
    if (!packed.has(buffer)) bytes += bytesOf(buffer);
  }
  for (const { prepared } of calls) bytes += prepared?.bytes ?? 0;
  return {
    layer: nodes[0].layer || labelOf(nodes[0]),
    op: [...counts].map(([op, count]) => (count === 1 ? op : `${op} ×${count}`)).join(', '),
    shape: writesOf(nodes[nodes.length - 1])[0].shape,
    parameters,
    macs: nodes.reduce((sum, node) => sum + macsOf(node), 0),
    algorithm: [...new Set(calls.flatMap(({ prepared }) => prepared?.algorithm ?? []))].join(', '),
    bytes,
    from,
    to: from + calls.length,
  };
}

/** The layers of bound calls, in the order they run. */
export function layersOf(calls: readonly BoundCall[]): GraphLayer[] {
  const layers: GraphLayer[] = [];
  for (let from = 0, to = 1; from < calls.length; from = to++) {
    const { layer } = calls[from].node;
    while (layer && to < calls.length && calls[to].node.layer === layer) to++;
    layers.push(rowOf(calls.slice(from, to), from));
  }
  return layers;
}
