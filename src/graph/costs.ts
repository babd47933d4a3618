/** The memory and the work that making a graph takes. Each cost is reported before it arises, so that a limit can refuse it. */
import { sizeOf } from '../ndarray/shape.js';
import { type GraphNode, type Ref, readsOf, writesOf } from './graph.js';
import { asProduct } from './passes/product.js';

/** Receives the costs of making a graph. Each method may throw to refuse them. */
export interface Costs {
  /** The graph has an array of this many bytes. It takes no memory yet. */
  declare(bytes: number): void;
  /** An array takes this many bytes. `isConstant`: it is computed once, or copied from a file. */
  reserve(bytes: number, isConstant: boolean): void;
  /** A call makes this many multiply-adds; see {@link workOf}. */
  compute(work: number): void;
}

/** Costs without a limit. */
export const FREE: Costs = { declare() {}, reserve() {}, compute() {} };

/** The multiply-adds of a convolution or a matrix product; 0 for other calls. */
export function macsOf(node: GraphNode): number {
  const product = asProduct(node);
  // Each element of the result (N, O, oh, ow) meets one filter of the weight (O, C/groups, kh, kw).
  if (product?.op === 'conv2d') return sizeOf(product.out.shape) * sizeOf(product.weight.shape.slice(1));
  if (product) return sizeOf(product.out.shape) * product.input.shape[product.transA ? 1 : 2];
  if (node.op !== 'conv2dGradInput') return 0;
  const [gy, w] = node.args;
  return sizeOf(gy.shape) * sizeOf(w.shape.slice(1));
}

/** Visiting one element of memory takes as long as this many multiply-adds. */
const PER_ELEMENT = 4;

const largest = (refs: readonly Ref[]): number => refs.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), 0);

/** The size of the windows of a pooling; null for other primitives. */
function ksizeOf({ args }: GraphNode): readonly number[] | null {
  for (const arg of args) if (typeof arg === 'object' && arg !== null && 'ksize' in arg) return arg.ksize;
  return null;
}

/** The work of a call in multiply-adds: {@link macsOf}, and four for each element that it visits. */
export function workOf(node: GraphNode): number {
  const ksize = ksizeOf(node);
  const visits = ksize
    ? largest(writesOf(node)) * Math.min(sizeOf(ksize), largest(readsOf(node)))
    : Math.max(largest(readsOf(node)), largest(writesOf(node)));
  return macsOf(node) + PER_ELEMENT * visits;
}
