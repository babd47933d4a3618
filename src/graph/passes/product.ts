/** Convolutions and matrix products with their parts named, whatever the order of the primitives' arguments. */
import type { Activation } from '../../backends/ops.js';
import type { Conv2dGeometry, Epilogue, MatmulOptions } from '../../backends/primitives.js';
import { type GraphNode, isRef, type Ref } from '../graph.js';

/** A convolution or a matrix product: act(input · weight + bias + residual). */
export interface Product {
  readonly op: 'conv2d' | 'matmul';
  readonly input: Ref;
  readonly weight: Ref;
  readonly bias: Ref | null;
  readonly residual: Ref | null;
  readonly activation: Activation;
  readonly out: Ref;
  readonly geometry: Conv2dGeometry | null;
  readonly options: MatmulOptions | null;
  /** The axis of the result that the bias runs along, and the axis of the weight that makes it. */
  readonly channelAxis: number;
  readonly weightAxis: number;
  readonly layer: string;
}

const refOrNull = (value: unknown): Ref | null => (isRef(value) ? value : null);

/** A node as a product; null if it is none. */
export function productOf({ op, args, layer = '' }: GraphNode): Product | null {
  if (op === 'conv2d') {
    const [input, weight, bias, geometry, out, epilogue = {}] = args as [
      Ref,
      Ref,
      Ref | null,
      Conv2dGeometry,
      Ref,
      Epilogue?,
    ];
    const { activation = 'none', residual } = epilogue;
    const parts = { input, weight, bias, activation, residual: refOrNull(residual), out };
    return { op, ...parts, geometry, options: null, channelAxis: 1, weightAxis: 0, layer };
  }
  if (op === 'matmul') {
    const [input, weight, out, options = {}] = args as [Ref, Ref, Ref, MatmulOptions?];
    const { activation = 'none', bias, residual, transB } = options;
    const parts = { input, weight, bias: refOrNull(bias), activation, residual: refOrNull(residual), out };
    return { op, ...parts, geometry: null, options, channelAxis: 2, weightAxis: transB ? 1 : 2, layer };
  }
  return null;
}

/** A product as a node. */
export function nodeOf(p: Product): GraphNode {
  const { op, layer, bias, activation, residual } = p;
  if (op === 'conv2d')
    return { op, args: [p.input, p.weight, bias, p.geometry, p.out, { activation, residual }], layer };
  return { op, args: [p.input, p.weight, p.out, { ...p.options, bias, activation, residual }], layer };
}
