import { memory } from '../../ndarray/np.js';
import type { FunctionHook } from '../function-hook.js';
import type { GraphFunction } from '../variable.js';

/**
 * Measures the bytes that every function leaves allocated, forward and backward, on all devices together. Follows
 * chainer.function_hooks.CupyMemoryProfileHook.
 */
export class MemoryHook implements FunctionHook {
  readonly name = 'MemoryHook';
  /** The calls in the order they ended. Bytes are negative where a function freed more than it allocated. */
  readonly callHistory: [label: string, bytes: number][] = [];
  readonly #starts: number[] = [];

  forwardPreprocess(): void {
    this.#starts.push(bytesInUse());
  }

  forwardPostprocess(fn: GraphFunction): void {
    this.#stop(fn.label);
  }

  backwardPreprocess(): void {
    this.#starts.push(bytesInUse());
  }

  backwardPostprocess(fn: GraphFunction): void {
    this.#stop(`${fn.label} backward`);
  }

  #stop(label: string): void {
    this.callHistory.push([label, bytesInUse() - (this.#starts.pop() ?? 0)]);
  }

  /** Bytes by label, summed over the calls. */
  summary(): Map<string, number> {
    const summary = new Map<string, number>();
    for (const [label, bytes] of this.callHistory) summary.set(label, (summary.get(label) ?? 0) + bytes);
    return summary;
  }
}

function bytesInUse(): number {
  return Object.values(memory().devices).reduce((sum, { bytes }) => sum + bytes, 0);
}
