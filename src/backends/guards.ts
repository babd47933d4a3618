/** The watch over the bytes around a device's blocks, in checked mode. */
import type { Memory } from './primitives.js';

/** Finds writes of kernels outside their operands. Every method throws a MemoryError that names the call. */
export interface Guards {
  /** Prepares for a call that fills `filled`. */
  enter(call: string, filled: readonly Memory[]): void;
  /** After a call: verifies the bytes around its operands and around the kernels' workspaces. */
  leave(operands: readonly Memory[]): void;
  /** Verifies the bytes around every live block. */
  verifyAll(): void;
}
