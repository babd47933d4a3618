/** What making a graph takes of memory and work, told before it is taken. It knows no file and no limit. */
import { sizeOf } from '../ndarray/shape.js';
import { type GraphNode, type Ref, readsOf, writesOf } from './graph.js';
import { asProduct } from './passes/product.js';

/** Told what making a graph is about to take. Each method may refuse by an error. */
export interface Costs {
  /** The graph has an array of so many bytes; no memory is taken for it yet. */
  declare(bytes: number): void;
  /** So many bytes are taken. `isConstant`: for an array that is computed, or copied from a file, once. */
  reserve(bytes: number, isConstant: boolean): void;
  /** So many multiply-adds are made; see {@link workOf}. */
  compute(work: number): void;
}

/** What counts costs where nothing is limited. */
export const FREE: Costs = { declare() {}, reserve() {}, compute() {} };

/** How many multiplications of two arrays' elements a call makes; 0 of calls that make none. */
export function macsOf(node: GraphNode): number {
  const product = asProduct(node);
  // Each element of the (N, O, oh, ow) array meets one filter of (O, C/groups, kh, kw).
  if (product?.op === 'conv2d') return sizeOf(product.out.shape) * sizeOf(product.weight.shape.slice(1));
  if (product) return sizeOf(product.out.shape) * product.input.shape[product.transA ? 1 : 2];
  if (node.op !== 'conv2dGradInput') return 0;
  const [gy, w] = node.args;
  return sizeOf(gy.shape) * sizeOf(w.shape.slice(1));
}

/** A walk over memory takes as long as this many multiply-adds for each element. */
const PER_ELEMENT = 4;

const largest = (refs: readonly Ref[]): number => refs.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), 0);

/** The size of the windows of a pooling; null for other primitives. */
function ksizeOf({ args }: GraphNode): readonly number[] | null {
  for (const arg of args) if (typeof arg === 'object' && arg !== null && 'ksize' in arg) return arg.ksize;
  return null;
}

/** The work of a call in multiply-adds: those of a product, or four for each element that is visited. */
export function workOf(node: GraphNode): number {
  const ksize = ksizeOf(node);
  const visits = ksize
    ? largest(writesOf(node)) * Math.min(sizeOf(ksize), largest(readsOf(node)))
    : Math.max(largest(readsOf(node)), largest(writesOf(node)));
  return macsOf(node) + PER_ELEMENT * visits;
}
