/**
 * A kind of call: a kernel whose arguments are a record, and how the host writes that record. `call.ts` runs and prepares
 * calls of any kind. The file of cuts beside each kind says how threads divide it; see cuts.ts.
 */
import type { WeightFormat } from '../../backend.js';
import type { Tensor } from '../../primitives.js';
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';

/**
 * The kernels that take one record, by name. Those that compute give the bytes of their workspace: if the record has no
 * workspace, they do nothing else.
 */
export type RecordKernel = {
  [K in keyof Kernels]: Kernels[K] extends (record: number) => unknown ? K : never;
}[keyof Kernels];

/** A word of a record that is the address of a tensor's elements, or 0 if there is no tensor. */
export type Operand = readonly [word: number, tensor: Tensor | null];

/** The packing of a constant operand, in the workspace of the kernel that reads it. */
interface Packing<Problem> {
  readonly kernel: RecordKernel;
  /** The word that holds the address of the operand as the caller gave it. */
  readonly source: number;
  /** The word that holds the address of the packed operand. */
  readonly target: number;
  /** The word that says which of the two the kernel reads, and the format; null if it always reads the packed one. */
  readonly format: number | null;
  /** The kernel that gives the bytes of the packed operand. */
  readonly bytes: RecordKernel;
  readonly formats: readonly WeightFormat[];
  /** Whether a prepared call packs the operand. */
  readonly pays: (problem: Problem, format: WeightFormat, blocking: Blocking) => boolean;
}

/** A kind of call, for problems of one type. */
export interface CallKind<Problem> {
  readonly kernel: RecordKernel;
  /** The record's length in words, and the words whose meaning all kinds share. */
  readonly record: { readonly words: number; readonly workspace: number; readonly bias: number };
  readonly packing: Packing<Problem> | null;
  /** The tensors of a problem. */
  readonly operands: (problem: Problem) => readonly Operand[];
  /**
   * Writes the record of a problem, which begins at word `at` and is filled with 0. Leaves out the operands, the packed
   * operand, the workspace, and its sections.
   */
  readonly fill: (words: Uint32Array, at: number, problem: Problem, blocking: Blocking) => void;
  /** The algorithm's name in tables of prepared calls. */
  readonly label: (problem: Problem, isPacked: boolean) => string;
}

/** A kind of call for problems that are translated into those of another kind. */
export function translated<From, To>(kind: CallKind<To>, translate: (problem: From) => To): CallKind<From> {
  const { packing } = kind;
  return {
    ...kind,
    packing: packing && {
      ...packing,
      pays: (problem, format, blocking) => packing.pays(translate(problem), format, blocking),
    },
    operands: (problem) => kind.operands(translate(problem)),
    fill: (words, at, problem, blocking) => kind.fill(words, at, translate(problem), blocking),
    label: (problem, isPacked) => kind.label(translate(problem), isPacked),
  };
}

/** The next multiple of `unit`. */
export const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;
