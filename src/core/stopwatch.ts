/** Times of named calls, nested or not. The timer hooks of functions and links extend it. */
import { tableLines } from '../text-table.js';

/** What all calls of one name have cost. */
export interface TimedCalls {
  /** Milliseconds, summed. */
  milliseconds: number;
  /** How many calls were timed. */
  calls: number;
}

/** Collects how long calls take. On a GPU that is how long it takes to submit the work, not to do it. */
export class Stopwatch {
  /** Each call in the order it ended. */
  readonly callHistory: [label: string, milliseconds: number][] = [];
  readonly #starts: number[] = [];

  /** A call begins; calls that it makes end before it. */
  protected start(): void {
    this.#starts.push(performance.now());
  }

  /** The call that began last ends. */
  protected stop(label: string): void {
    this.callHistory.push([label, performance.now() - (this.#starts.pop() ?? 0)]);
  }

  /** Milliseconds of all calls. A call that makes others is counted with them. */
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
