/** Calls bound to a device: each node of a graph becomes a function without arguments, so that a run allocates nothing. */

import { type Calls, mapTensors } from '../backends/arguments.js';
import type { Backend, PreparedCall, WeightFormat } from '../backends/backend.js';
import type { Primitive, Tensor } from '../backends/primitives.js';
import type { GraphBuffer, GraphNode, Ref } from './graph.js';
import { asProduct } from './passes/product.js';

/** One step of a run. */
export interface BoundCall {
  readonly node: GraphNode;
  /** The prepared call of a product; null if the device prepares none. */
  readonly prepared: PreparedCall | null;
  /** Constants of the node that a run does not read, because the prepared call has copied them. */
  readonly unread: ReadonlySet<GraphBuffer>;
  readonly run: () => void;
}

/** Finds the tensor of a ref. Tensors of inputs and outputs get their memory before each run. */
export type TensorOf = (ref: Ref) => Tensor;

/** The random streams of a run; see `Graph.draws`. */
export interface RunStreams {
  seed: number;
  /** The number of the first stream. */
  first: number;
}

/** Options of {@link bindCall}. */
export interface BindOptions {
  /** The format of the weights in prepared calls. */
  readonly format: WeightFormat;
  /** Set at the start of each run. */
  readonly streams: RunStreams;
}

/** Binds a node to a device. A product with a constant weight is prepared, if the device can. */
export function bindCall(
  node: GraphNode,
  device: Backend,
  tensorOf: TensorOf,
  { format, streams }: BindOptions,
): BoundCall {
  if (node.op === 'random') {
    const [kind, , stream, out] = node.args;
    const tensor = tensorOf(out);
    const run = () => device.random(kind, streams.seed, streams.first + stream, tensor);
    return { node, prepared: null, unread: new Set(), run };
  }
  const prepared = prepare(node, device, tensorOf, format);
  if (prepared) return { node, prepared, unread: copiedBy(node, prepared), run: () => prepared.run() };
  return { node, prepared: null, unread: new Set(), run: unprepared(node, device, tensorOf) };
}

/** A call of the primitive itself. */
function unprepared<P extends Primitive>({ op, args }: GraphNode<P>, device: Calls, tensorOf: TensorOf): () => void {
  const tensors = mapTensors<P, Ref, Tensor>(args, tensorOf);
  const primitive = device[op];
  return () => primitive.apply(device, tensors);
}

/** The constants of a product that its prepared call has copied. Weight and bias may be one buffer. */
function copiedBy(node: GraphNode, { readsWeight, readsBias }: PreparedCall): Set<GraphBuffer> {
  const product = asProduct(node);
  if (!product) return new Set();
  const [weight, bias] = [product.weight.buffer, product.bias?.buffer];
  const isRead = (buffer: GraphBuffer) => (readsWeight && buffer === weight) || (readsBias && buffer === bias);
  return new Set((bias ? [weight, bias] : [weight]).filter((buffer) => !isRead(buffer)));
}

function prepare(node: GraphNode, device: Backend, tensorOf: TensorOf, format: WeightFormat): PreparedCall | null {
  const product = asProduct(node);
  if (product?.out.buffer.dtype !== 'float32') return null;
  const { input, weight, out, activation } = product;
  const isConstant = (ref: Ref | null) => ref === null || ref.buffer.kind === 'constant';
  if (!isConstant(weight) || !isConstant(product.bias)) return null;
  const bias = product.bias && tensorOf(product.bias);
  const residual = product.residual && tensorOf(product.residual);
  const [x, w, y] = [tensorOf(input), tensorOf(weight), tensorOf(out)];
  if (product.op === 'conv2d')
    return device.prepareConv2d?.(x, w, bias, product.geometry, y, { activation, residual }, format) ?? null;
  const { transA, transB } = product;
  return device.prepareMatmul?.(x, w, y, { transA, transB, bias, activation, residual }, format) ?? null;
}
