/** Calls of any kind: run once with memory from the heap, or prepared to run many times. */
import { MemoryError } from '../../../errors.js';
import type { PreparedCall, WeightFormat } from '../../backend.js';
import { bytesOf } from '../../shapes.js';
import { FORMAT_CODES } from '../generated/codes.js';
import type { Machine } from '../machine.js';
import { addressOf } from '../memory.js';
import { type CallKind, type Operand, type RecordKernel, roundUp } from './call-kind.js';

/** The number of bytes that a kernel gives. A wasm `usize` arrives as a signed number. */
const ask = ({ kernels }: Machine, kernel: RecordKernel, record: number): number =>
  Number(kernels[kernel](record)) >>> 0;

/** Writes the addresses of operands. */
function point({ heap }: Machine, record: number, operands: readonly Operand[]): void {
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i];
    // An array that waited on the host comes back when its address is asked for, which may replace the heap's views.
    const address = operand[1] ? addressOf(operand[1]) : 0;
    heap.u32[(record >>> 2) + operand[0]] = address;
  }
}

/** Writes the record of a problem; gives its operands. @throws MemoryError if one of them was freed. */
function write<Problem>(machine: Machine, kind: CallKind<Problem>, record: number, problem: Problem) {
  const { heap, blocking } = machine;
  const operands = kind.operands(problem);
  const at = record >>> 2;
  heap.u32.fill(0, at, at + kind.record.words);
  kind.fill(heap.u32, at, problem, blocking);
  point(machine, record, operands);
  return operands;
}

/** Runs a problem. A kernel that always reads a packed operand has it packed first. */
export function run<Problem>(machine: Machine, kind: CallKind<Problem>, problem: Problem): void {
  const { heap, arguments: record } = machine;
  const at = record >>> 2;
  write(machine, kind, record, problem);
  const packing = kind.packing?.format === null ? kind.packing : null;
  const packedBytes = packing ? ask(machine, packing.bytes, record) : 0;
  const block = heap.alloc(packedBytes + ask(machine, kind.kernel, record));
  try {
    heap.u32[at + kind.record.workspace] = block + packedBytes;
    if (packing) {
      heap.u32[at + packing.target] = block;
      machine.kernels[packing.kernel](record);
    }
    machine.kernels[kind.kernel](record);
  } finally {
    heap.free(block);
  }
}

/**
 * Prepares a problem whose weight and bias do not change: the bias is copied, and the weight packed where that pays. A weight
 * with an element beyond what the format can hold is kept as float32.
 *
 *     block:  | record | bias | packed weight |
 */
export function prepare<Problem>(
  machine: Machine,
  kind: CallKind<Problem>,
  problem: Problem,
  format: WeightFormat,
): PreparedCall {
  const { heap, arena, arguments: scratch } = machine;
  const operands = write(machine, kind, scratch, problem);
  const packing = kind.packing?.pays(problem, format, machine.blocking) ? kind.packing : null;
  if (packing && packing.format !== null) heap.u32[(scratch >>> 2) + packing.format] = FORMAT_CODES[format];
  const packedBytes = packing ? ask(machine, packing.bytes, scratch) : 0;
  const bias = operands.find(([word]) => word === kind.record.bias)?.[1] ?? null;
  const biasBegin = roundUp(4 * kind.record.words, 64);
  const packedBegin = biasBegin + (bias ? roundUp(bytesOf(bias.memory), 64) : 0);

  arena.retain(ask(machine, kind.kernel, scratch));
  const call = new PreparedKernel(machine, kind, {
    algorithm: kind.label(problem, packing !== null),
    bytes: packedBegin + packedBytes,
    readsWeight: packing === null,
    operands: operands.filter(([word, tensor]) => tensor && tensor !== bias && word !== packing?.source),
  });
  const { block } = call;
  const at = block >>> 2;
  heap.u8.copyWithin(block, scratch, scratch + 4 * kind.record.words);
  if (bias) {
    heap.u8.copyWithin(block + biasBegin, addressOf(bias), addressOf(bias) + bytesOf(bias.memory));
    heap.u32[at + kind.record.bias] = block + biasBegin;
  }
  if (packing) {
    heap.u32[at + packing.target] = block + packedBegin;
    heap.u32[at + kind.record.workspace] = arena.address;
    const fits = machine.kernels[packing.kernel](block);
    if (packing.format !== null && !fits) {
      call.free();
      return prepare(machine, kind, problem, 'float32');
    }
  }
  return call;
}

/** A kernel with its record. A run writes a few words and allocates nothing. */
class PreparedKernel implements PreparedCall {
  readonly algorithm: string;
  readonly readsWeight: boolean;
  readonly readsBias = false;
  readonly bytes: number;
  readonly #machine: Machine;
  readonly #kind: CallKind<never>;
  readonly #operands: readonly Operand[];
  #block: number;

  /** Allocates the block. The arena has been retained, and is released if there is no memory for the block. */
  constructor(
    machine: Machine,
    kind: CallKind<never>,
    parts: Pick<PreparedCall, 'algorithm' | 'bytes' | 'readsWeight'> & { readonly operands: readonly Operand[] },
  ) {
    this.algorithm = parts.algorithm;
    this.readsWeight = parts.readsWeight;
    this.bytes = parts.bytes;
    this.#machine = machine;
    this.#kind = kind;
    this.#operands = parts.operands;
    try {
      this.#block = machine.heap.alloc(this.bytes);
    } catch (error) {
      machine.arena.release();
      throw error;
    }
  }

  /** Where the record begins. */
  get block(): number {
    return this.#block;
  }

  run(): void {
    if (this.#block === 0)
      throw new MemoryError(`wasm: a prepared call (${this.algorithm}) was run after it was freed`);
    const { heap, arena, kernels } = this.#machine;
    point(this.#machine, this.#block, this.#operands);
    heap.u32[(this.#block >>> 2) + this.#kind.record.workspace] = arena.address;
    kernels[this.#kind.kernel](this.#block);
  }

  free(): void {
    if (this.#block === 0) return;
    this.#machine.heap.free(this.#block);
    this.#machine.arena.release();
    this.#block = 0;
  }
}

/** The prepared call of a result without elements. */
export const NOTHING_TO_DO: PreparedCall = {
  algorithm: 'nothing',
  bytes: 0,
  readsWeight: false,
  readsBias: false,
  run() {},
  free() {},
};
