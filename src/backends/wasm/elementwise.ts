/**
 * Arguments of the elementwise kernels. Equal shapes and single elements go straight to the kernel of a row; only what
 * broadcasts otherwise needs a loop nest. The common case allocates nothing.
 */

import { assertBinary, assertUnary } from '../kernel-dtypes.js';
import { CHECKS } from '../operand-checks.js';
import { BINARY_OPS, type BinaryOp, UNARY_OPS, type UnaryOp } from '../ops.js';
import type { DType, Tensor } from '../primitives.js';
import { fillElements, ITEM_SIZES } from './dtypes.js';
import { DTYPE_CODES, SCALARS_CODES } from './generated/codes.js';
import { WhereSteps } from './generated/records.js';
import type { Kernels } from './loader.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf } from './memory.js';
import { numbered } from './numbered.js';

const UNARY_CODES = numbered<UnaryOp>(UNARY_OPS);
const BINARY_CODES = numbered<BinaryOp>(BINARY_OPS);

/** The operations that fill a bool come last in their lists. */
const FIRST_TEST = UNARY_CODES.logicalNot;
const FIRST_COMPARISON = BINARY_CODES.equal;

/** Bits of the set of operands that are one element. */
const { a: SCALAR_A, b: SCALAR_B } = SCALARS_CODES;

/** The kernels of each dtype. */
const UNARY = {
  float32: 'unaryF32',
  float64: 'unaryF64',
  int32: 'unaryI32',
  uint8: 'unaryU8',
  bool: 'unaryU8',
} as const satisfies Record<DType, keyof Kernels>;
const BINARY = {
  float32: 'binaryF32',
  float64: 'binaryF64',
  int32: 'binaryI32',
  uint8: 'binaryU8',
  bool: 'binaryU8',
} as const satisfies Record<DType, keyof Kernels>;
const WHERE = {
  float32: 'where32',
  float64: 'where64',
  int32: 'where32',
  uint8: 'where8',
  bool: 'where8',
} as const satisfies Record<DType, keyof Kernels>;

const nest = new LoopNest();

/** Elementwise primitives on a machine. */
export class Elementwise {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  fill(out: Tensor, value: number): void {
    fillElements(this.#machine.heap, out, value);
  }

  cast(x: Tensor, out: Tensor): void {
    const { kernels } = this.#machine;
    kernels.castTo(DTYPE_CODES[x.dtype], DTYPE_CODES[out.dtype], addressOf(x), addressOf(out), out.memory.size);
  }

  unary(op: UnaryOp, x: Tensor, out: Tensor): void {
    const code = UNARY_CODES[op];
    // The usual case is seen at once; a name that is none has no code, and no comparison holds.
    if (!(code < FIRST_TEST) || x.dtype !== 'float32' || out.dtype !== 'float32') assertUnary(op, x, out);
    this.#machine.kernels[UNARY[x.dtype]](code, addressOf(x), addressOf(out), out.memory.size);
  }

  binary(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    const n = out.memory.size;
    if (n === 0) return;
    const machine = this.#machine;
    const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : out.dtype;
    const code = BINARY_CODES[op];
    const isUsual = code < FIRST_COMPARISON && dtype === 'float32' && out.dtype === 'float32';
    if (!isUsual || (typeof b !== 'number' && b.dtype !== 'float32')) assertBinary(op, dtype, a, b, out);
    let scalars: number = SCALARS_CODES.none;
    let addressA: number;
    let addressB: number;
    if (typeof a === 'number') {
      addressA = machine.number(0, a, dtype);
      scalars = SCALAR_A;
    } else {
      addressA = addressOf(a);
      if (a.memory.size !== n) {
        if (a.memory.size !== 1) {
          this.#broadcast(op, a, b, out);
          return;
        }
        scalars = SCALAR_A;
      }
    }
    if (typeof b === 'number') {
      addressB = machine.number(1, b, dtype);
      scalars |= SCALAR_B;
    } else {
      addressB = addressOf(b);
      if (b.memory.size !== n) {
        if (b.memory.size !== 1) {
          this.#broadcast(op, a, b, out);
          return;
        }
        scalars |= SCALAR_B;
      }
    }
    machine.kernels[BINARY[dtype]](code, addressA, addressB, addressOf(out), n, scalars, machine.rows);
  }

  where(condition: Tensor, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    CHECKS.where(condition, a, b, out);
    if (out.memory.size === 0) return;
    const { kernels, heap, odometers, arguments: steps } = this.#machine;
    const item = ITEM_SIZES[out.dtype];
    this.#nestOf(out.shape, condition, a, b);
    const addressA = this.#operand(0, a, out.dtype);
    const addressB = this.#operand(1, b, out.dtype);
    nest.write(heap, odometers[0], [1, item, item]);
    const words = heap.i32;
    const at = steps >> 2;
    words[at + WhereSteps.condition] = nest.stride(0, 0);
    words[at + WhereSteps.a] = nest.stride(0, 1) * item;
    words[at + WhereSteps.b] = nest.stride(0, 2) * item;
    kernels[WHERE[out.dtype]](addressOf(condition), addressA, addressB, addressOf(out), odometers[0], steps);
  }

  /** The general case of {@link binary}: rows along the innermost axis, the rest counted by an odometer. */
  #broadcast(op: BinaryOp, a: Tensor | number, b: Tensor | number, out: Tensor): void {
    const { kernels, heap, odometers, rows } = this.#machine;
    const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : out.dtype;
    const item = ITEM_SIZES[dtype];
    this.#nestOf(out.shape, a, b, 0);
    const addressA = this.#operand(0, a, dtype);
    const addressB = this.#operand(1, b, dtype);
    nest.write(heap, odometers[0], [item, item]);
    const scalars = (nest.stride(0, 0) === 0 ? SCALAR_A : 0) | (nest.stride(0, 1) === 0 ? SCALAR_B : 0);
    kernels.binaryBroadcast(
      DTYPE_CODES[dtype],
      BINARY_CODES[op],
      addressA,
      addressB,
      addressOf(out),
      nest.inner * ITEM_SIZES[out.dtype],
      scalars,
      odometers[0],
      rows,
    );
  }

  #operand(place: 0 | 1, x: Tensor | number, dtype: DType): number {
    return typeof x === 'number' ? this.#machine.number(place, x, dtype) : addressOf(x);
  }

  /** The loops over `shape` of three operands that broadcast to it. */
  #nestOf(shape: readonly number[], a: Tensor | number, b: Tensor | number, c: Tensor | number): void {
    nest.reset();
    let strideA = 1;
    let strideB = 1;
    let strideC = 1;
    for (let fromEnd = 1; fromEnd <= shape.length; fromEnd++) {
      const sizeA = sizeAt(a, fromEnd);
      const sizeB = sizeAt(b, fromEnd);
      const sizeC = sizeAt(c, fromEnd);
      nest.around(
        shape[shape.length - fromEnd],
        sizeA === 1 ? 0 : strideA,
        sizeB === 1 ? 0 : strideB,
        sizeC === 1 ? 0 : strideC,
      );
      strideA *= sizeA;
      strideB *= sizeB;
      strideC *= sizeC;
    }
  }
}

/** An operand's size along an axis counted from the end; 1 where it has none. */
function sizeAt(x: Tensor | number, fromEnd: number): number {
  if (typeof x === 'number' || fromEnd > x.shape.length) return 1;
  return x.shape[x.shape.length - fromEnd];
}
