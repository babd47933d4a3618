/** Convolutions and matrix products as one type, whatever the order of their primitives' arguments. */
import type { Arguments } from '../../backends/arguments.js';
import type { Activation } from '../../backends/ops.js';
import type { GraphNode, Ref } from '../graph.js';

/** The operands of a product: out = act(input · weight + bias + residual). */
interface Operands {
  readonly input: Ref;
  readonly weight: Ref;
  readonly bias: Ref | null;
  readonly residual: Ref | null;
  readonly activation: Activation;
  readonly out: Ref;
  /** The axis of `out` along which the bias runs. */
  readonly channelAxis: number;
  /** The axis of `weight` that makes `channelAxis`. */
  readonly weightAxis: number;
  /** The layer of the node, as {@link GraphNode} has it. */
  readonly layer: string | undefined;
}

interface Convolution extends Operands {
  readonly op: 'conv2d';
  readonly geometry: Arguments<'conv2d', Ref>[3];
}

interface MatrixProduct extends Operands {
  readonly op: 'matmul';
  readonly transA: boolean | undefined;
  readonly transB: boolean | undefined;
}

/** A convolution or a matrix product. */
export type Product = Convolution | MatrixProduct;

/** A node as a product; null if it computes something else. */
export function asProduct({ op, args, layer }: GraphNode): Product | null {
  if (op === 'conv2d') {
    const [input, weight, bias, geometry, out, { activation = 'none', residual = null } = {}] = args;
    const operands = { input, weight, bias, residual, activation, out };
    return { op, ...operands, geometry, channelAxis: 1, weightAxis: 0, layer };
  }
  if (op === 'matmul') {
    const [input, weight, out, { activation = 'none', bias = null, residual = null, transA, transB } = {}] = args;
    const operands = { input, weight, bias, residual, activation, out };
    return { op, ...operands, transA, transB, channelAxis: 2, weightAxis: transB ? 1 : 2, layer };
  }
  return null;
}

/** A product as a node. */
export function toNode(product: Product): GraphNode {
  const { op, input, weight, bias, activation, residual, out, layer } = product;
  if (op === 'conv2d')
    return { op, args: [input, weight, bias, product.geometry, out, { activation, residual }], layer };
  const { transA, transB } = product;
  return { op, args: [input, weight, out, { transA, transB, bias, activation, residual }], layer };
}
