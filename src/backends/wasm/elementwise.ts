/**
 * Elementwise primitives, by the kernels of assembly/elementwise/. Operands of equal shapes, and single elements, go straight
 * to the kernel of one row and allocate nothing. Other shapes broadcast, which takes a loop nest.
 */
import { typedOperand } from '../kernel-dtypes.js';
import { CHECKS } from '../operand-checks.js';
import { BINARY_OPS, type BinaryOp, fillsBool, UNARY_KINDS, UNARY_OPS } from '../ops.js';
import type { DType, Primitives, Tensor } from '../primitives.js';
import { ITEM_SIZES } from '../shapes.js';
import { DTYPE_CODES, SCALARS_CODES } from './generated/codes.js';
import { WhereSteps } from './generated/records.js';
import type { Kernels } from './loader.js';
import { LoopNest } from './loop-nest.js';
import type { Machine } from './machine.js';
import { addressOf, fillElements } from './memory.js';
import { codesOf } from './op-codes.js';

const UNARY_CODES = codesOf(UNARY_OPS);
const BINARY_CODES = codesOf(BINARY_OPS);

/** The first operations that fill a bool. Those before them have a quick check for float32. */
const FIRST_TEST = UNARY_OPS.findIndex((op) => UNARY_KINDS[op] === 'test');
const FIRST_COMPARISON = BINARY_OPS.findIndex(fillsBool);

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

/** Bits of the set of operands that are one element. */
const { a: SCALAR_A, b: SCALAR_B } = SCALARS_CODES;

const nest = new LoopNest();

export const elementwise = (machine: Machine): Pick<Primitives, 'fill' | 'cast' | 'unary' | 'binary' | 'where'> => ({
  fill(out, value) {
    fillElements(machine.heap, out, value);
  },

  cast(x, out) {
    const { size } = out.memory;
    machine.kernels.castTo(DTYPE_CODES[x.dtype], DTYPE_CODES[out.dtype], addressOf(x), addressOf(out), size);
  },

  unary(op, x, out) {
    const code = UNARY_CODES[op];
    // The comparison is false for an unknown name, which has no code.
    const isUsual = code < FIRST_TEST && x.dtype === 'float32' && out.dtype === 'float32';
    if (!isUsual) CHECKS.unary(op, x, out);
    machine.kernels[UNARY[x.dtype]](code, addressOf(x), addressOf(out), out.memory.size);
  },

  binary(op, a, b, out) {
    const n = out.memory.size;
    if (n === 0) return;
    const { dtype } = typedOperand(a, b, out);
    const code = BINARY_CODES[op];
    const isUsual = code < FIRST_COMPARISON && dtype === 'float32' && out.dtype === 'float32';
    if (!isUsual || (typeof b !== 'number' && b.dtype !== 'float32')) CHECKS.binary(op, a, b, out);
    const sizeA = typeof a === 'number' ? 1 : a.memory.size;
    const sizeB = typeof b === 'number' ? 1 : b.memory.size;
    if ((sizeA !== n && sizeA !== 1) || (sizeB !== n && sizeB !== 1)) {
      broadcast(machine, op, a, b, out, dtype);
      return;
    }
    const addressA = operand(machine, 0, a, dtype);
    const addressB = operand(machine, 1, b, dtype);
    const scalars = (sizeA === n ? 0 : SCALAR_A) | (sizeB === n ? 0 : SCALAR_B);
    machine.kernels[BINARY[dtype]](code, addressA, addressB, addressOf(out), n, scalars, machine.rows);
  },

  where(condition, a, b, out) {
    CHECKS.where(condition, a, b, out);
    if (out.memory.size === 0) return;
    const { kernels, heap, odometers, arguments: record } = machine;
    const item = ITEM_SIZES[out.dtype];
    nestOf(out.shape, condition, a, b);
    const addressA = operand(machine, 0, a, out.dtype);
    const addressB = operand(machine, 1, b, out.dtype);
    nest.write(heap, odometers[0], [1, item, item]);
    const words = heap.i32;
    const at = record >> 2;
    words[at + WhereSteps.condition] = nest.stride(0, 0);
    words[at + WhereSteps.a] = nest.stride(0, 1) * item;
    words[at + WhereSteps.b] = nest.stride(0, 2) * item;
    kernels[WHERE[out.dtype]](addressOf(condition), addressA, addressB, addressOf(out), odometers[0], record);
  },
});

/** `binary` of operands that broadcast: the kernel's rows are the innermost axis, an odometer counts the others. */
function broadcast(
  machine: Machine,
  op: BinaryOp,
  a: Tensor | number,
  b: Tensor | number,
  out: Tensor,
  dtype: DType,
): void {
  const { kernels, heap, odometers, rows } = machine;
  const item = ITEM_SIZES[dtype];
  nestOf(out.shape, a, b, 0);
  const addressA = operand(machine, 0, a, dtype);
  const addressB = operand(machine, 1, b, dtype);
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

/** The address of an operand's elements. A number is written to memory first. */
const operand = (machine: Machine, place: 0 | 1, x: Tensor | number, dtype: DType): number =>
  typeof x === 'number' ? machine.number(place, x, dtype) : addressOf(x);

/** Sets the nest to loops over `shape`, for three operands that broadcast to it. */
function nestOf(shape: readonly number[], a: Tensor | number, b: Tensor | number, c: Tensor | number): void {
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

/** An operand's size along an axis counted from the end; 1 where it has none. */
function sizeAt(x: Tensor | number, fromEnd: number): number {
  if (typeof x === 'number' || fromEnd > x.shape.length) return 1;
  return x.shape[x.shape.length - fromEnd];
}
