/** Measures the times of named calls, which may be nested. The timer hooks of functions and links extend it. */
import { tableLines } from '../text-table.js';

/** The total of all calls of one name. */
export interface TimedCalls {
  /** The sum of their times, in milliseconds. */
  milliseconds: number;
  /** The number of calls. */
  calls: number;
}

/** Collects the times of calls. On a GPU a time is that of submitting the work, not of doing it. */
export class Stopwatch {
  /** Each call in the order it ended. */
  readonly callHistory: [label: string, milliseconds: number][] = [];
  readonly #starts: number[] = [];

  /** Begins a call. Calls inside it end before it. */
  protected start(): void {
    this.#starts.push(performance.now());
  }

  /** Ends the call that began last. */
  protected stop(label: string): void {
    this.callHistory.push([label, performance.now() - (this.#starts.pop() ?? 0)]);
  }

  /** The time of all calls, in milliseconds. A call includes the calls inside it. */
  get totalTime(): number {
    return this.callHistory.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
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

  /** Prints the summary, the most expensive first; `title` heads the column of labels. */
  protected print(title: string, print: (line: string) => void): void {
    const rows = [...this.summary()].sort((a, b) => b[1].milliseconds - a[1].milliseconds);
    const cells = rows.map(([label, { milliseconds, calls }]) => [label, milliseconds.toFixed(3), String(calls)]);
    for (const line of tableLines(
      [
        [title, 'left'],
        ['ms', 'right', 10],
        ['calls', 'right', 6],
      ],
      cells,
    ))
      print(line);
  }
}
