import type { FunctionHook } from '../function-hook.js';
import { Stopwatch } from '../stopwatch.js';
import type { GraphFunction } from '../variable.js';

export type { TimedCalls } from '../stopwatch.js';

/** Measures the time of every function while installed, forward and backward; follows chainer.function_hooks.TimerHook. */
export class TimerHook extends Stopwatch implements FunctionHook {
  readonly name = 'TimerHook';

  forwardPreprocess(): void {
    this.start();
  }

  forwardPostprocess(fn: GraphFunction): void {
    this.stop(fn.label);
  }

  backwardPreprocess(): void {
    this.start();
  }

  backwardPostprocess(fn: GraphFunction): void {
    this.stop(`${fn.label} backward`);
  }

  /** Prints time and calls by function, the most expensive first. */
  printReport(print: (line: string) => void = console.log): void {
    this.print('function', print);
  }
}
