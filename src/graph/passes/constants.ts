/** Constants that are computed while a graph is compiled, and the memory they are in. */

import type { Backend } from '../../backends/backend.js';
import type { BinaryOp } from '../../backends/ops.js';
import type { DType, Memory, Tensor } from '../../backends/primitives.js';
import { bytesOf } from '../../backends/shapes.js';
import { GraphError } from '../../errors.js';
import { sizeOf } from '../../ndarray/shape.js';
import { type Costs, FREE } from '../costs.js';
import { isRef, type Ref } from '../graph.js';

/** Computes constants at compile time and owns the memory they are in. */
export class Constants {
  readonly owned: Memory[] = [];

  constructor(
    readonly device: Backend,
    readonly costs: Costs = FREE,
  ) {}

  /** A new constant: a ∘ b, broadcast to `shape`. */
  combine(op: BinaryOp, a: Ref | number, b: Ref | number, shape: readonly number[], dtype: DType): Ref {
    const size = sizeOf(shape);
    this.costs.reserve(bytesOf({ size, dtype }), true);
    this.costs.compute(4 * size);
    const memory = this.device.alloc(size, dtype);
    this.owned.push(memory);
    const out = { shape, dtype, memory };
    if (isRef(a) || isRef(b)) this.device.binary(op, tensorOf(a), tensorOf(b), out);
    else {
      // A kernel takes the dtype from an array.
      this.device.fill(out, a);
      this.device.binary(op, out, b, out);
    }
    return {
      buffer: { id: -1 - this.owned.length, size: memory.size, dtype, kind: 'constant', constant: memory },
      shape,
    };
  }

  /** Frees what none of the given memory is, and gives up the rest: it belongs to the caller. */
  release(needed: ReadonlySet<Memory | null>): Memory[] {
    const [kept, spare] = [this.owned.filter((m) => needed.has(m)), this.owned.filter((m) => !needed.has(m))];
    for (const memory of spare) this.device.free(memory);
    this.owned.length = 0;
    return kept;
  }
}

function tensorOf(value: Ref | number): Tensor | number {
  if (!isRef(value)) return value;
  const { constant, dtype } = value.buffer;
  if (!constant) throw new GraphError('compile: a constant without content');
  return { shape: value.shape, dtype, memory: constant };
}

/**
 * Whether a scale or a shift may be taken into other constants. A number that is not finite may not: there it would meet zeros and give NaN,
 * where the result itself is Infinity. Arrays are taken to be finite, since a device may have to wait for them.
 */
export const isMovable = (op: BinaryOp, constant: Ref | number): boolean =>
  isRef(constant) || Number.isFinite(op === 'divide' ? 1 / constant : constant);

/** A constant operand as one number, or as a vector over `channels` that lies along an axis; null if it is neither. */
export function perChannel(operand: Ref | number, result: Ref, axis: number): Ref | number | null {
  if (!isRef(operand)) return operand;
  if (operand.buffer.kind !== 'constant' || operand.buffer.dtype !== result.buffer.dtype) return null;
  const size = sizeOf(operand.shape);
  const channels = result.shape[axis];
  if (size === 1) return { buffer: operand.buffer, shape: [1] };
  const lead = result.shape.length - operand.shape.length;
  const alongAxis = operand.shape.every((n, k) => n === 1 || (k + lead === axis && n === channels));
  return alongAxis && size === channels ? { buffer: operand.buffer, shape: [channels] } : null;
}
