import type { FunctionHook } from '../function-hook.js';
import type { FunctionNode } from '../function-node.js';

/** What a function, forward or backward, has cost in all. */
export interface TimedCalls {
  /** Milliseconds, summed. */
  milliseconds: number;
  calls: number;
}

/**
 * Measures the time of every function while installed, forward and backward; follows chainer.function_hooks.TimerHook. On a
 * GPU it measures how long it takes to submit the work, not to do it.
 */
export class TimerHook implements FunctionHook {
  readonly name = 'TimerHook';
  /** Each call in the order it ended. */
  readonly callHistory: [label: string, milliseconds: number][] = [];
  readonly #starts: number[] = [];

  /** Milliseconds of all calls. A function that calls others is counted with them. */
  get totalTime(): number {
    return this.callHistory.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  }

  forwardPreprocess(): void {
    this.#starts.push(performance.now());
  }

  forwardPostprocess(fn: FunctionNode): void {
    this.#stop(fn.label);
  }

  backwardPreprocess(): void {
    this.#starts.push(performance.now());
  }

  backwardPostprocess(fn: FunctionNode): void {
    this.#stop(`${fn.label} backward`);
  }

  #stop(label: string): void {
    this.callHistory.push([label, performance.now() - (this.#starts.pop() ?? 0)]);
  }

  /** Time and calls by label. */
  summary(): Map<string, TimedCalls> {
    const summary = new Map<string, TimedCalls>();
    for (const [label, milliseconds] of this.callHistory) {
      const entry = summary.get(label) ?? { milliseconds: 0, calls: 0 };
      summary.set(label, { milliseconds: entry.milliseconds + milliseconds, calls: entry.calls + 1 });
    }
    return summary;
  }

  /** Prints the summary, the most expensive first. */
  printReport(print: (line: string) => void = console.log): void {
    const rows = [...this.summary()].sort((a, b) => b[1].milliseconds - a[1].milliseconds);
    const width = Math.max(8, ...rows.map(([label]) => label.length));
    print(`${'function'.padEnd(width)}  ${'ms'.padStart(10)}  ${'calls'.padStart(6)}`);
    for (const [label, { milliseconds, calls }] of rows) {
      print(`${label.padEnd(width)}  ${milliseconds.toFixed(3).padStart(10)}  ${String(calls).padStart(6)}`);
    }
  }
}
