/**
 * Chains of scales and shifts by constants that follow no product, such as batch normalization before a convolution: each chain
 * becomes one scale and one shift at most.
 *
 *   x ─▶ −mean ─▶ ·scale ─▶ +beta      becomes      x ─▶ ·scale ─▶ +(beta − mean·scale)
 */
import type { BinaryOp } from '../../backends/ops.js';
import type { DType } from '../../backends/primitives.js';
import { broadcastShapes, sameShape } from '../../ndarray/shape.js';
import { type Graph, type GraphNode, isRef, type Ref } from '../graph.js';
import { type Constants, isMovable } from './constants.js';
import { Uses } from './uses.js';

/** x·scale + shift. */
interface Affine {
  readonly scale: Ref | number;
  readonly shift: Ref | number;
}

/** One scale or shift: a binary operation with a constant that keeps shape and dtype. */
interface Step {
  readonly node: GraphNode;
  readonly x: Ref;
  readonly out: Ref;
  readonly op: BinaryOp;
  readonly constant: Ref | number;
}

const SCALES_AND_SHIFTS: readonly BinaryOp[] = ['add', 'subtract', 'multiply', 'divide'];

function stepOf(node: GraphNode): Step | null {
  if (node.op !== 'binary') return null;
  const [op, a, b, out] = node.args;
  if (!SCALES_AND_SHIFTS.includes(op) || !out.buffer.dtype.startsWith('float')) return null;
  const isConstant = (value: Ref | number) => !isRef(value) || value.buffer.kind === 'constant';
  const turned = isConstant(a);
  const [x, constant] = turned ? [b, a] : [a, b];
  if (turned && op !== 'add' && op !== 'multiply') return null;
  if (!isRef(x) || isConstant(x) || !isConstant(constant) || !sameShape(x.shape, out.shape)) return null;
  if (!isMovable(op, constant)) return null;
  return { node, x, out, op, constant };
}

/** Arithmetic of constants, which are numbers or tensors. */
class Arithmetic {
  constructor(
    readonly constants: Constants,
    readonly dtype: DType,
  ) {}

  apply(op: BinaryOp, a: Ref | number, b: Ref | number): Ref | number {
    if (op === 'multiply' && a === 1) return b;
    if (op === 'add' && a === 0) return b;
    const shape = broadcastShapes('compile', isRef(a) ? a.shape : [], isRef(b) ? b.shape : []);
    return this.constants.combine(op, a, b, shape, this.dtype);
  }

  /** An affine map followed by one more step. */
  composed({ scale, shift }: Affine, { op, constant }: Step): Affine {
    if (op === 'add' || op === 'subtract') return { scale, shift: this.apply(op, shift, constant) };
    const scaled = shift === 0 ? 0 : this.apply(op, shift, constant);
    return { scale: this.apply(op, scale, constant), shift: scaled };
  }
}

/** The longest chain of steps that begins with `first`: each step alone reads the result of the one before. */
function chainFrom(first: Step, uses: Uses): Step[] {
  const chain = [first];
  for (;;) {
    const last = chain[chain.length - 1];
    const reader = uses.soleReader(last.out.buffer);
    const next = reader && stepOf(reader);
    if (!next || next.x.buffer !== last.out.buffer || !sameShape(next.x.shape, last.out.shape)) return chain;
    if (uses.isOvertaken(first.node)) return chain;
    chain.push(next);
  }
}

/** The graph with each chain of scales and shifts as one scale and one shift. */
export function withMergedScales(graph: Graph, constants: Constants): Graph {
  const uses = new Uses(graph);
  const seen = new Set<GraphNode>();
  for (let i = 0; i < graph.nodes.length; i++) {
    const node = uses.at(i);
    const first = node && !seen.has(node) ? stepOf(node) : null;
    const chain = first ? chainFrom(first, uses) : [];
    for (const step of chain) seen.add(step.node);
    // One scale and one shift cannot get shorter.
    if (!first || chain.length < 2 || (chain.length === 2 && isScale(chain[0]) && !isScale(chain[1]))) continue;
    const arithmetic = new Arithmetic(constants, first.out.buffer.dtype);
    const { scale, shift } = chain.reduce((affine: Affine, step) => arithmetic.composed(affine, step), {
      scale: 1,
      shift: 0,
    });
    const last = chain[chain.length - 1];
    const layer = node?.layer;
    const made: GraphNode[] = [];
    if (scale !== 1)
      made.push({ op: 'binary', args: ['multiply', first.x, scale, shift === 0 ? last.out : first.out], layer });
    if (shift !== 0)
      made.push({ op: 'binary', args: ['add', scale === 1 ? first.x : first.out, shift, last.out], layer });
    if (made.length === 0) continue;
    const places = chain.slice(-made.length).map((step) => step.node);
    for (const step of chain.slice(0, -made.length)) uses.remove(step.node);
    for (const [k, place] of places.entries()) uses.replace(place, made[k]);
  }
  return { ...graph, nodes: uses.nodes };
}

const isScale = ({ op }: Step): boolean => op === 'multiply' || op === 'divide';
