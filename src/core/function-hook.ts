/** Hooks that are called around every function, forward and backward: timers, memory meters, printers. */
import type { NDArray } from '../ndarray/np.js';
import type { GraphFunction, Variable } from './variable.js';

/** An object whose methods are called around every function while it is installed; follows chainer.FunctionHook. */
export interface FunctionHook {
  /** The name in messages. */
  readonly name: string;
  /** Before a function computes; `inputs` are its arrays. */
  forwardPreprocess?(fn: GraphFunction, inputs: readonly NDArray[]): void;
  /** After a function has computed. */
  forwardPostprocess?(fn: GraphFunction, inputs: readonly NDArray[], outputs: readonly NDArray[]): void;
  /** Before a function's gradients are computed; `gradOutputs` are the gradients of its outputs. */
  backwardPreprocess?(fn: GraphFunction, gradOutputs: readonly Variable[]): void;
  /** After a function's gradients were computed. */
  backwardPostprocess?(fn: GraphFunction, gradOutputs: readonly Variable[]): void;
}

const installed: FunctionHook[] = [];

/** The installed hooks, in the order of their installation. */
export function activeHooks(): readonly FunctionHook[] {
  return installed;
}

/** Runs `fn` with a hook installed, and removes it, also when `fn` throws. */
export function usingHook<T>(hook: FunctionHook, fn: () => T): T {
  installed.push(hook);
  try {
    return fn();
  } finally {
    installed.splice(installed.lastIndexOf(hook), 1);
  }
}
