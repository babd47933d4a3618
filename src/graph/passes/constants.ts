/** Constants that passes compute while a graph is compiled. */

import type { Backend } from '../../backends/backend.js';
import type { BinaryOp } from '../../backends/ops.js';
import type { DType, Memory, Tensor } from '../../backends/primitives.js';
import { bytesOf } from '../../backends/shapes.js';
import { GraphError } from '../../errors.js';
import { sizeOf } from '../../ndarray/shape.js';
import { type Costs, FREE } from '../costs.js';
import { isRef, type Ref } from '../graph.js';

/** Computes constants, and owns their memory. */
export class Constants {
  readonly owned: Memory[] = [];

  constructor(
    readonly device: Backend,
    readonly costs: Costs = FREE,
  ) {}

  /** A new constant: op(a, b), broadcast to `shape`. */
  combine(op: BinaryOp, a: Ref | number, b: Ref | number, shape: readonly number[], dtype: DType): Ref {
    const size = sizeOf(shape);
    this.costs.reserve(bytesOf({ size, dtype }), true);
    this.costs.compute(4 * size);
    const memory = this.device.alloc(size, dtype);
    this.owned.push(memory);
    const out = { shape, dtype, memory };
    if (isRef(a) || isRef(b)) this.device.binary(op, tensorOf(a), tensorOf(b), out);
    else {
      // The primitive takes its dtype from a tensor, so one operand must be one.
      this.device.fill(out, a);
      this.device.binary(op, out, b, out);
    }
    return {
      buffer: { id: -1 - this.owned.length, size: memory.size, dtype, kind: 'constant', constant: memory },
      shape,
    };
  }

  /** Frees owned memory that is not `needed`, and hands the rest over to the caller. */
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
 * Whether a scale or a shift may be merged into other constants. A number that is not finite may not: multiplied by a weight of 0 it
 * gives NaN, where the unmerged result is infinite. Arrays are assumed to be finite, because reading them may stall a device.
 */
export const isMovable = (op: BinaryOp, constant: Ref | number): boolean =>
  isRef(constant) || Number.isFinite(op === 'divide' ? 1 / constant : constant);

/** A constant operand as a number, or as a vector over the channels of `result` along `axis`; null if it is neither. */
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
