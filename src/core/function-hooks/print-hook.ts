import type { NDArray } from '../../ndarray/np.js';
import { formatShape } from '../../ndarray/shape.js';
import type { FunctionHook } from '../function-hook.js';
import type { GraphFunction, Variable } from '../variable.js';

/** Prints every function with the arrays it is given; follows chainer.function_hooks.PrintHook. */
export class PrintHook implements FunctionHook {
  readonly name = 'PrintHook';
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  forwardPreprocess(fn: GraphFunction, inputs: readonly NDArray[]): void {
    this.#print(`forward ${fn.label}: ${inputs.map(describe).join(', ')}`);
  }

  backwardPreprocess(fn: GraphFunction, gradOutputs: readonly Variable[]): void {
    this.#print(`backward ${fn.label}: ${gradOutputs.map((g) => describe(g.array)).join(', ')}`);
  }
}

function describe({ shape, dtype, device }: NDArray): string {
  return `${dtype} ${formatShape(shape)} on ${device.name}`;
}
