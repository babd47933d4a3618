/** The layer over a device that records: each call is noted on a tape, and then made. */
import type { Arguments } from '../backends/arguments.js';
import type { Backend } from '../backends/backend.js';
import type { DType, Memory, Primitive } from '../backends/primitives.js';
import { wrapPrimitives } from '../backends/wrapped.js';
import { GraphError } from '../errors.js';
import type { Tape } from './tape.js';

/** The entries of a device that a {@link Tracer} calls itself, as they were before the recording. */
type Own = Pick<Backend, 'alloc' | 'free' | 'cast' | 'write' | 'read' | 'readSync' | 'slice'>;

export class Tracer {
  readonly tape: Tape;
  /** Memory that the recording allocated and gave up. It may hold constants of the graph, so that the caller frees it. */
  readonly abandoned: Memory[] = [];
  /** What replaces the device's entries during the recording. */
  readonly entries: Partial<Backend>;
  protected readonly own: Own;

  constructor(device: Backend, tape: Tape) {
    this.tape = tape;
    this.own = {
      alloc: device.alloc.bind(device),
      free: device.free.bind(device),
      cast: device.cast.bind(device),
      write: device.write.bind(device),
      read: device.read.bind(device),
      readSync: device.readSync.bind(device),
      slice: device.slice?.bind(device),
    };
    this.entries = {
      ...wrapPrimitives(device, (op, args, run) => this.call(op, args, run)),
      ...this.#memoryEntries(),
    };
  }

  /** Ends the recording. */
  finish(): void {}

  /** Notes a call, and makes it. */
  protected call<P extends Primitive>(op: P, args: Arguments<P>, run: (args: Arguments<P>) => void): void {
    this.tape.note(op, args, (memory) => this.copyOf(memory));
    run(args);
  }

  /** Memory for something that is computed. */
  protected alloc(size: number, dtype: DType): Memory {
    return this.own.alloc(size, dtype);
  }

  /** The device's own memory. */
  protected realOf(memory: Memory): Memory {
    return memory;
  }

  /** Frees memory, or abandons it if it may hold a constant of the graph. */
  protected free(memory: Memory): void {
    if (this.tape.has(memory) && !this.tape.varies(memory)) this.abandoned.push(memory);
    else this.own.free(memory);
  }

  /** A copy of memory as it is now. */
  protected copyOf(memory: Memory): Memory {
    const { size, dtype } = memory;
    const copy = this.own.alloc(size, dtype);
    this.own.cast({ shape: [size], dtype, memory: this.realOf(memory) }, { shape: [size], dtype, memory: copy });
    this.abandoned.push(copy);
    return copy;
  }

  #memoryEntries(): Partial<Backend> {
    const { own, tape } = this;
    const { slice } = own;
    return {
      alloc: (size, dtype) => {
        const memory = this.alloc(size, dtype);
        tape.bufferOf(memory, 'computed');
        return memory;
      },
      free: (memory) => this.free(memory),
      write: (memory, data) => {
        tape.noteHostWrite(memory);
        own.write(this.realOf(memory), data);
      },
      read: (memory) => own.read(this.#readable(memory)),
      readSync: (memory) => own.readSync(this.#readable(memory)),
      ...(slice && { slice: (memory, ...args) => slice(this.realOf(memory), ...args) }),
    };
  }

  /** @throws GraphError for memory whose content varies from run to run. */
  #readable(memory: Memory): Memory {
    if (this.tape.varies(memory))
      throw new GraphError(
        'compile: the program looks at values that depend on its inputs or on random draws, which a static graph cannot',
      );
    return this.realOf(memory);
  }
}
