/** Checks where the operands of a call lie: in live memory, within their blocks, and apart from the outputs. */

import type { Memory, Primitive, Tensor } from '../primitives.js';
import { bytesOf, sizeOf } from '../shapes.js';
import { type Call, describe } from './call.js';
import { isFilled, type Operand } from './operands.js';

/** The primitives whose result may lie in the memory of an input of the same shape and dtype. */
const IN_PLACE: readonly Primitive[] = ['unary', 'binary', 'where', 'update'];

/** A part of a block of memory. */
interface Part {
  readonly of: Memory;
  /** The part's first byte in the block. */
  readonly begin: number;
}

/** The bytes of a tensor: from `begin` to before `end` in a block. */
interface Place {
  readonly block: Memory;
  readonly begin: number;
  readonly end: number;
}

/** The parts of a device's blocks, and the blocks that were freed. */
export class Places {
  readonly #parts = new WeakMap<Memory, Part>();
  readonly #freed = new WeakSet<Memory>();

  /** Notes that `part` is a view of a block from byte `begin`. */
  addPart(part: Memory, of: Memory, begin: number): void {
    this.#parts.set(part, { of, begin });
  }

  /** Notes that a block was freed. */
  markFreed(memory: Memory): void {
    this.#freed.add(memory);
  }

  /** Refuses operands that are freed, larger than their memory or of another dtype, and outputs that overlap. */
  check(call: Call, primitive: Primitive, operands: readonly Operand[]): void {
    for (const { name, tensor } of operands) this.#checkTensor(call, name, tensor);
    for (const out of operands) {
      if (!isFilled(primitive, out)) continue;
      for (const other of operands) if (other !== out) this.#checkApart(call, primitive, out, other);
    }
  }

  #checkTensor(call: Call, name: string, tensor: Tensor): void {
    call.shape(name, tensor.shape);
    const { memory } = tensor;
    call.expect(!this.#freed.has(memory), () => `${name} is ${describe(tensor)}, whose memory was freed`);
    call.expect(
      memory.dtype === tensor.dtype && memory.size === sizeOf(tensor.shape),
      () => `${name} is ${describe(tensor)}, but its memory has ${memory.size} elements of ${memory.dtype}`,
    );
    const { block, end } = this.#placeOf(memory);
    call.expect(!this.#freed.has(block), () => `${name} is a part of a block that was freed`);
    const bytes = bytesOf(block);
    call.expect(end <= bytes, () => `${name} is ${describe(tensor)} and ends at byte ${end} of a block of ${bytes}`);
  }

  #placeOf(memory: Memory): Place {
    const bytes = bytesOf(memory);
    const part = this.#parts.get(memory);
    return part
      ? { block: part.of, begin: part.begin, end: part.begin + bytes }
      : { block: memory, begin: 0, end: bytes };
  }

  #checkApart(call: Call, primitive: Primitive, out: Operand, other: Operand): void {
    const [a, b] = [this.#placeOf(out.tensor.memory), this.#placeOf(other.tensor.memory)];
    if (a.block !== b.block || a.end <= b.begin || b.end <= a.begin) return;
    const mayBe =
      IN_PLACE.includes(primitive) || (primitive === 'affine' && (other.name === 'x' || other.name === 'addend.y'));
    const isSame = a.begin === b.begin && a.end === b.end && String(out.tensor.shape) === String(other.tensor.shape);
    call.expect(
      mayBe && isSame,
      () =>
        `${out.name} fills bytes ${a.begin} to ${a.end} of a block of which ${other.name} reads ${b.begin} to ${b.end}` +
        (mayBe ? '; in place both have one shape' : ''),
    );
  }
}
