/**
 * The primitives of a backend whose kernels take tensors of its own, such as textures. The backend lists its kernels in a table;
 * here each becomes a primitive: it checks its operands, finds their tensors, and runs its kernel.
 */

import { type Arguments, type Calls, mapTensors } from './arguments.js';
import { CHECKS } from './operand-checks.js';
import { OUTPUTS, type Outputs, PRIMITIVES, type Primitive, type Primitives, type Tensor } from './primitives.js';

/** Computes the primitive `P`: the machine, then the primitive's arguments with `T` in the place of each tensor. */
export type KernelOf<P extends Primitive, Machine, T> = (machine: Machine, ...args: Arguments<P, T>) => void;

/** A kernel for each primitive. */
export type KernelTable<Machine, T> = { readonly [P in Primitive]: KernelOf<P, Machine, T> };

/** How a backend finds its tensors and runs its kernels. Errors name the operation: `exp`, `sum`, `conv2d`. */
export interface Execution<Machine, T> {
  /** The first argument of each kernel. */
  readonly machine: Machine;
  /** The backend's own tensor for an operand. */
  use(tensor: Tensor, operation: string): T;
  /** The backend's own tensor for an output whose values the kernel replaces as a whole. */
  useToOverwrite(tensor: Tensor, operation: string): T;
  /** Runs a kernel; the kernel's tensors are found within the run. */
  run(operation: string, kernel: () => void): void;
}

const checks: Calls = CHECKS;

/** The name of a call in errors: its operation, or else the primitive. A distribution is not an operation. */
function operationOf(primitive: Primitive, [op]: readonly unknown[]): string {
  return typeof op === 'string' && primitive !== 'random' ? op : primitive;
}

function primitiveOf<P extends Primitive, Machine, T>(
  primitive: P,
  kernels: KernelTable<Machine, T>,
  { machine, use, useToOverwrite, run }: Execution<Machine, T>,
): (...args: Arguments<P>) => void {
  const { whole }: Outputs = OUTPUTS[primitive];
  return (...args) => {
    checks[primitive](...args);
    const operation = operationOf(primitive, args);
    run(operation, () => {
      // In the order of the arguments: an operand that the output may be stands before it, and is found with its values.
      const own = mapTensors<P, Tensor, T>(args, (tensor, place) =>
        whole.includes(place) ? useToOverwrite(tensor, operation) : use(tensor, operation),
      );
      kernels[primitive](machine, ...own);
    });
  };
}

/** The primitives that the kernels compute. */
export function primitivesOf<Machine, T>(
  kernels: KernelTable<Machine, T>,
  execution: Execution<Machine, T>,
): Primitives {
  const entries = PRIMITIVES.map((primitive) => [primitive, primitiveOf(primitive, kernels, execution)]);
  return Object.fromEntries(entries) as Primitives;
}
