/** What a device knows of the bytes around its blocks, in checked mode. */
import type { Memory } from './primitives.js';

/** Finds what kernels wrote where they should not. Every method throws a MemoryError that names the call. */
export interface Guards {
  /** A call begins, which fills `filled`. */
  enter(call: string, filled: readonly Memory[]): void;
  /** The call has run: verifies the bytes around its operands, and around what kernels work in. */
  leave(operands: readonly Memory[]): void;
  /** Verifies the bytes around every live block. */
  verifyAll(): void;
}
