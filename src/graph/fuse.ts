/**
 * Fusion: what follows a convolution or a matrix product is made part of it. A scale or a shift by constants (what batch
 * normalization is in test mode) goes into the weights and the bias, an activation into the epilogue.
 *
 *   conv2d ─▶ −mean ─▶ ·scale ─▶ +beta ─▶ relu      becomes      conv2d(w·scale, (b−mean)·scale + beta, relu)
 */
import type {
  Activation,
  Backend,
  BinaryOp,
  Conv2dGeometry,
  MatmulOptions,
  Memory,
  Tensor,
} from '../backends/backend.js';
import { GraphError } from '../errors.js';
import { sizeOf } from '../ndarray/shape.js';
import { type Graph, type GraphBuffer, type GraphNode, isRef, type Ref, readsOf, writesOf } from './graph.js';

const ACTIVATIONS: readonly string[] = ['relu', 'sigmoid', 'tanh'] satisfies Activation[];

/** Who reads and writes each buffer. */
class Uses {
  readonly readers = new Map<GraphBuffer, GraphNode[]>();
  readonly writers = new Map<GraphBuffer, GraphNode[]>();

  constructor({ nodes, outputs }: Graph) {
    for (const node of nodes) {
      for (const { buffer } of readsOf(node)) push(this.readers, buffer, node);
      for (const { buffer } of writesOf(node)) push(this.writers, buffer, node);
    }
    for (const { buffer } of outputs) push(this.readers, buffer, OUTSIDE);
  }

  /** The only reader of a buffer that only one node writes. */
  soleReader(buffer: GraphBuffer): GraphNode | null {
    const readers = this.readers.get(buffer) ?? [];
    return buffer.kind === 'computed' && readers.length === 1 && this.writers.get(buffer)?.length === 1
      ? readers[0]
      : null;
  }
}

/** Stands for whoever asked for an output. */
const OUTSIDE: GraphNode = { op: 'fill', args: [] };

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** A convolution or product with its parts named, whatever the order of the primitive's arguments. */
interface Product {
  readonly op: 'conv2d' | 'matmul';
  readonly input: Ref;
  readonly weight: Ref;
  readonly bias: Ref | null;
  readonly activation: Activation;
  readonly out: Ref;
  readonly geometry: Conv2dGeometry | null;
  readonly options: MatmulOptions | null;
  /** The axis of the result that the bias runs along, and the axis of the weight that makes it. */
  readonly channelAxis: number;
  readonly weightAxis: number;
}

function productOf(node: GraphNode): Product | null {
  if (node.op === 'conv2d') {
    const [input, weight, bias, geometry, out, epilogue = {}] = node.args as [
      Ref,
      Ref,
      Ref | null,
      Conv2dGeometry,
      Ref,
      { activation?: Activation }?,
    ];
    return {
      op: 'conv2d',
      input,
      weight,
      bias,
      activation: epilogue.activation ?? 'none',
      out,
      geometry,
      options: null,
      channelAxis: 1,
      weightAxis: 0,
    };
  }
  if (node.op === 'matmul') {
    const [input, weight, out, options = {}] = node.args as [Ref, Ref, Ref, MatmulOptions?];
    const bias = isRef(options.bias) ? options.bias : null;
    const weightAxis = options.transB ? 1 : 2;
    return {
      op: 'matmul',
      input,
      weight,
      bias,
      activation: options.activation ?? 'none',
      out,
      geometry: null,
      options,
      channelAxis: 2,
      weightAxis,
    };
  }
  return null;
}

function nodeOf(p: Product): GraphNode {
  if (p.op === 'conv2d')
    return { op: 'conv2d', args: [p.input, p.weight, p.bias, p.geometry, p.out, { activation: p.activation }] };
  return { op: 'matmul', args: [p.input, p.weight, p.out, { ...p.options, bias: p.bias, activation: p.activation }] };
}

/** Computes constants at compile time and owns the memory they are in. */
export class Constants {
  readonly owned: Memory[] = [];

  constructor(readonly device: Backend) {}

  /** A new constant: a ∘ b, broadcast to `shape`. */
  combine(op: BinaryOp, a: Ref | number, b: Ref | number, shape: readonly number[]): Ref {
    const dtype = isRef(a) ? a.buffer.dtype : isRef(b) ? b.buffer.dtype : 'float32';
    const memory = this.device.alloc(sizeOf(shape), dtype);
    this.owned.push(memory);
    this.device.binary(op, tensorOf(a), tensorOf(b), { shape, dtype, memory });
    return {
      buffer: { id: -1 - this.owned.length, size: memory.size, dtype, kind: 'constant', constant: memory },
      shape,
    };
  }
}

function tensorOf(value: Ref | number): Tensor | number {
  if (!isRef(value)) return value;
  const { constant, dtype } = value.buffer;
  if (!constant) throw new GraphError('compile: a constant without content');
  return { shape: value.shape, dtype, memory: constant };
}

/** A constant operand as one number, or as a vector over `channels` that lies along an axis; null if it is neither. */
function perChannel(operand: unknown, result: Ref, axis: number): Ref | number | null {
  if (typeof operand === 'number') return operand;
  if (!isRef(operand) || operand.buffer.kind !== 'constant' || operand.buffer.dtype !== result.buffer.dtype)
    return null;
  const size = sizeOf(operand.shape);
  const channels = result.shape[axis];
  if (size === 1) return { buffer: operand.buffer, shape: [1] };
  const lead = result.shape.length - operand.shape.length;
  const alongAxis = operand.shape.every((n, k) => n === 1 || (k + lead === axis && n === channels));
  return alongAxis && size === channels ? { buffer: operand.buffer, shape: [channels] } : null;
}

/** The product with what `next` does to its result; null if that cannot be part of it. */
function absorb(product: Product, next: GraphNode, constants: Constants): Product | null {
  const { out, activation, weight, bias, channelAxis, weightAxis } = product;
  if (next.op === 'unary') {
    const [op, , result] = next.args as [string, Ref, Ref];
    const fits = activation === 'none' && ACTIVATIONS.includes(op);
    return fits ? { ...product, activation: op as Activation, out: { ...result, shape: out.shape } } : null;
  }
  if (next.op !== 'binary' || activation !== 'none' || weight.buffer.kind !== 'constant') return null;
  const [op, a, b, result] = next.args as [BinaryOp, unknown, unknown, Ref];
  if (sizeOf(result.shape) !== sizeOf(out.shape)) return null;
  const [own, other] = isRef(a) && a.buffer === out.buffer ? [a, b] : [b, a];
  const view = isRef(own) ? own : out;
  if (view.shape.length !== out.shape.length || (own === b && op !== 'add' && op !== 'multiply')) return null;
  const factor = perChannel(other, view, channelAxis);
  if (factor === null) return null;
  const channels = out.shape[channelAxis];
  const moved = { ...product, out: { ...result, shape: out.shape } };
  if (op === 'add' || op === 'subtract') {
    return { ...moved, bias: constants.combine(op, bias ?? 0, factor, [channels]) };
  }
  if (op !== 'multiply' && op !== 'divide') return null;
  const along = isRef(factor)
    ? { ...factor, shape: weight.shape.map((_, k) => (k === weightAxis ? sizeOf(factor.shape) : 1)) }
    : factor;
  return {
    ...moved,
    weight: constants.combine(op, weight, along, weight.shape),
    bias: bias && constants.combine(op, bias, factor, [channels]),
  };
}

/** The graph with every chain of product, scale, shift and activation made one node. */
export function withFusedProducts(graph: Graph, constants: Constants): Graph {
  let { nodes } = graph;
  for (let i = 0; i < nodes.length; i++) {
    for (;;) {
      const product = productOf(nodes[i]);
      const uses = new Uses({ ...graph, nodes });
      const next = product && uses.soleReader(product.out.buffer);
      const fused = product && next && absorb(product, next, constants);
      if (!fused) break;
      // It runs where the last of the chain ran: its inputs are older than the first.
      const at = nodes.indexOf(next);
      nodes = nodes.flatMap((node, k) => (k === i ? [] : k === at ? [nodeOf(fused)] : [node]));
      i = at - 1;
    }
  }
  return { ...graph, nodes };
}
