/**
 * Recording without computing: calls are noted, and only those that do not depend on the inputs are made. Memory is taken when it
 * is first written or read, so that results which depend on the inputs take none.
 */
import { type Arguments, mapTensors } from '../backends/arguments.js';
import type { Backend } from '../backends/backend.js';
import type { DType, Memory, Primitive, Tensor } from '../backends/primitives.js';
import { bytesOf } from '../backends/shapes.js';
import { type Costs, workOf } from './costs.js';
import { type Ref, readsOf } from './graph.js';
import type { Tape } from './tape.js';
import { Tracer } from './tracer.js';

/** Memory that is taken when it is first needed. */
class LazyMemory implements Memory {
  /** The device's memory; null until it is needed. */
  real: Memory | null = null;
  /** Fills the memory when it is taken; null if no `fill` waits for that. */
  fill: (() => void) | null = null;

  constructor(
    readonly size: number,
    readonly dtype: DType,
  ) {}
}

export class DryTracer extends Tracer {
  readonly #costs: Costs;
  /** Memory that no array holds any more. */
  readonly #givenUp: LazyMemory[] = [];

  /** @param costs told of each array, of the memory that constants take, and of the work that they cost */
  constructor(device: Backend, tape: Tape, costs: Costs) {
    super(device, tape);
    this.#costs = costs;
  }

  protected override call<P extends Primitive>(op: P, args: Arguments<P>, run: (args: Arguments<P>) => void): void {
    const { node, varies } = this.tape.note(op, args, (memory) => this.copyOf(memory));
    if (varies) return;
    // Arrays may be freed before a fill runs, their memory may not.
    const memories: Memory[] = [];
    const plain = mapTensors<P, Tensor, Tensor>(args, ({ shape, dtype, memory }) => {
      memories.push(memory);
      return { shape, dtype, memory };
    });
    const compute = () =>
      run(mapTensors<P, Tensor, Tensor>(plain, (tensor) => ({ ...tensor, memory: this.realOf(tensor.memory) })));
    // A result that is filled and then written in part, such as a padded array, may vary after all. So its fill waits.
    const [memory] = memories;
    if (op === 'fill' && memory instanceof LazyMemory && !memory.real) {
      memory.fill = compute;
      return;
    }
    this.#costs.compute(workOf(node));
    compute();
  }

  protected override alloc(size: number, dtype: DType): Memory {
    const memory = new LazyMemory(size, dtype);
    this.#costs.declare(bytesOf(memory));
    this.tape.bufferOf(memory, 'computed', null);
    return memory;
  }

  protected override realOf(memory: Memory): Memory {
    if (!(memory instanceof LazyMemory)) return memory;
    if (memory.real) return memory.real;
    this.#costs.reserve(bytesOf(memory), true);
    memory.real = this.own.alloc(memory.size, memory.dtype);
    memory.fill?.();
    memory.fill = null;
    this.tape.bufferOf(memory, 'computed').constant = memory.real;
    return memory.real;
  }

  protected override copyOf(memory: Memory): Memory {
    this.#costs.reserve(bytesOf(memory), true);
    return super.copyOf(memory);
  }

  protected override free(memory: Memory): void {
    if (memory instanceof LazyMemory) this.#givenUp.push(memory);
    else super.free(memory);
  }

  /** Takes the memory of constants that the graph reads and that nothing needed before. */
  settle(outputs: readonly Ref[]): void {
    const read = new Set([...outputs, ...this.tape.nodes.flatMap(readsOf)].map(({ buffer }) => buffer));
    for (const memory of this.#givenUp)
      if (read.has(this.tape.bufferOf(memory, 'computed')) && !this.tape.varies(memory)) this.realOf(memory);
  }

  /** Abandons the memory that the recording took. */
  override finish(): void {
    for (const { real } of this.#givenUp) if (real) this.abandoned.push(real);
  }
}
