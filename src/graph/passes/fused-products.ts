/**
 * Fusion: a convolution or a matrix product takes over the operations that follow it. A scale and a shift by constants, such as
 * batch normalization in test mode, go into the weight and the bias. A sum with another array and an activation go into the
 * epilogue.
 *
 *   conv2d ─▶ −mean ─▶ ·scale ─▶ +beta ─▶ +x ─▶ relu   becomes   conv2d(w·scale, (b−mean)·scale + beta, residual x, relu)
 */
import type { Activation, BinaryOp, UnaryOp } from '../../backends/ops.js';
import { sameShape, sizeOf } from '../../ndarray/shape.js';
import { type Graph, type GraphNode, isRef, type Ref } from '../graph.js';
import { type Constants, isMovable, perChannel } from './constants.js';
import { asProduct, type Product, toNode } from './product.js';
import { Uses } from './uses.js';

const ACTIVATIONS: readonly UnaryOp[] = ['relu', 'sigmoid', 'tanh'] satisfies (Activation & UnaryOp)[];

const isActivation = (op: UnaryOp): op is Activation & UnaryOp => ACTIVATIONS.includes(op);

/** The product with the operation of `next` in it; null if the product cannot take it over. */
function absorb(product: Product, next: GraphNode, constants: Constants): Product | null {
  const { out, activation } = product;
  if (activation !== 'none') return null;
  if (next.op === 'unary') {
    const [op, , result] = next.args;
    return isActivation(op) ? { ...product, activation: op, out: { ...result, shape: out.shape } } : null;
  }
  if (next.op !== 'binary') return null;
  const [op, a, b, result] = next.args;
  if (sizeOf(result.shape) !== sizeOf(out.shape)) return null;
  const ownIsFirst = isRef(a) && a.buffer === out.buffer;
  const [own, other] = ownIsFirst ? [a, b] : [b, a];
  if (!isRef(own) || (!ownIsFirst && op !== 'add' && op !== 'multiply')) return null;
  const moved = { ...product, out: { ...result, shape: out.shape } };
  return withResidual(moved, op, own, other) ?? withConstant(moved, op, own, other, constants);
}

/** The product with an array of the result's size as residual. */
function withResidual(product: Product, op: BinaryOp, own: Ref, other: Ref | number): Product | null {
  if (op !== 'add' || product.residual || !isRef(other) || other.buffer.kind === 'constant') return null;
  const { out } = product;
  if (!sameShape(own.shape, other.shape) || other.buffer.dtype !== out.buffer.dtype) return null;
  // If the sum is written over its other operand, the product would overwrite its residual while reading it.
  if (other.buffer === out.buffer) return null;
  return { ...product, residual: { buffer: other.buffer, shape: out.shape } };
}

/** The product with a constant scale or shift in its weight and bias. */
function withConstant(
  product: Product,
  op: BinaryOp,
  own: Ref,
  other: Ref | number,
  constants: Constants,
): Product | null {
  const { weight, bias, out, weightAxis, residual } = product;
  if (weight.buffer.kind !== 'constant' || (bias && bias.buffer.kind !== 'constant')) return null;
  const channels = out.shape[product.channelAxis];
  const axis = product.op === 'conv2d' ? 1 : own.shape.length - 1;
  // The operation may see the result in another shape, such as (M, N) of (1, M, N). The channels must still be one axis.
  if (own.shape[axis] !== channels || (product.op === 'conv2d' && own.shape[0] !== out.shape[0])) return null;
  const factor = perChannel(other, own, axis);
  if (factor === null || !isMovable(op, factor)) return null;
  if (op === 'add' || op === 'subtract') {
    return { ...product, bias: constants.combine(op, bias ?? 0, factor, [channels], out.buffer.dtype) };
  }
  // Scaling the sum would have to scale the residual too.
  if ((op !== 'multiply' && op !== 'divide') || residual) return null;
  const along = isRef(factor)
    ? { ...factor, shape: weight.shape.map((_, k) => (k === weightAxis ? sizeOf(factor.shape) : 1)) }
    : factor;
  return {
    ...product,
    weight: constants.combine(op, weight, along, weight.shape, weight.buffer.dtype),
    bias: bias && constants.combine(op, bias, factor, [channels], bias.buffer.dtype),
  };
}

/** The graph with each chain of product, scale, shift, residual and activation as one node. */
export function withFusedProducts(graph: Graph, constants: Constants): Graph {
  const uses = new Uses(graph);
  for (let i = 0; i < graph.nodes.length; i++) {
    let node = uses.at(i);
    for (let product = node && asProduct(node); node && product; product = asProduct(node)) {
      const next = uses.soleReader(product.out.buffer);
      if (!next || uses.isOvertaken(node)) break;
      const absorbed = absorb(product, next, constants);
      if (!absorbed) break;
      // The fused node runs at the place of the chain's last node, where the residual is ready too.
      const fused = toNode(absorbed);
      uses.fuse(node, next, fused);
      node = fused;
    }
  }
  return { ...graph, nodes: uses.nodes };
}
