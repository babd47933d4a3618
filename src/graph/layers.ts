/** The calls of a graph grouped by layer, as tables show them. */

import { bytesOf } from '../backends/shapes.js';
import type { BoundCall } from './calls.js';
import { macsOf } from './costs.js';
import { labelOf } from './dot.js';
import { constantsOf, type GraphNode, writesOf } from './graph.js';
import { asProduct } from './passes/product.js';

/** Consecutive calls of one layer, or one call outside of all layers. */
export interface GraphLayer {
  /** The path of the link that made the calls, such as `res2/a/conv1`; without one, the name of the operation. */
  readonly layer: string;
  /** The operations: `conv2d + residual + relu`, `copy ×4`. */
  readonly op: string;
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** The number of elements of weights and biases, after batch normalization was merged into them. */
  readonly parameters: number;
  /** Multiply-adds of convolutions and matrix products. Other operations count 0. */
  readonly macs: number;
  /** The algorithms of prepared products; '' without any. */
  readonly algorithm: string;
  /** Bytes of the weights, packed or not. */
  readonly bytes: number;
  /** The number of the first call. */
  readonly from: number;
  /** The number after the last call. */
  readonly to: number;
}

/** The operation of a call with its epilogue, in words. */
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

/** The layers of bound calls, in the order in which they run. */
export function layersOf(calls: readonly BoundCall[]): GraphLayer[] {
  const layers: GraphLayer[] = [];
  for (let from = 0, to = 1; from < calls.length; from = to++) {
    const { layer } = calls[from].node;
    while (layer && to < calls.length && calls[to].node.layer === layer) to++;
    layers.push(rowOf(calls.slice(from, to), from));
  }
  return layers;
}
