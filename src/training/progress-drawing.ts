/** How progress is drawn: bars, speeds, and lines that take the place of the ones before. It knows no trainer. */
import { isTextOutput, type TextElement, type TextOutput, textOutput } from './text-output.js';

/** A bar such as `[####......] 40.00%`. */
export function progressBar(rate: number, length: number): string {
  const marks = '#'.repeat(Math.floor(rate * length));
  return `[${marks.padEnd(length, '.')}] ${`${(rate * 100).toFixed(2)}%`.padStart(6)}`;
}

/** The speed is that of the last so many drawings. */
const REMEMBERED = 100;

/** Where things were at some time. */
interface Reached {
  readonly iteration: number;
  readonly epoch: number;
  readonly seconds: number;
}

/** Iterations and epochs a second, of late. */
export class Speedometer {
  readonly #recent: Reached[] = [];

  /** The speeds when this is reached. */
  at(now: Reached): { iterations: number; epochs: number } {
    this.#recent.push(now);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    const [first] = this.#recent;
    // Before there is a second drawing, the whole way is the measure.
    const since = this.#recent.length > 1 ? first : { iteration: 0, epoch: 0, seconds: 0 };
    const span = now.seconds - since.seconds;
    return { iterations: (now.iteration - since.iteration) / span, epochs: (now.epoch - since.epoch) / span };
  }
}

/** A terminal or an element of a page, on which lines are drawn in one place. Anything else is left alone. */
export class DrawingPlace {
  readonly #element: TextElement | null;
  readonly #terminal: TextOutput | null;

  /** @param out null: standard output. */
  constructor(out: TextOutput | TextElement | null) {
    this.#element = out !== null && !isTextOutput(out) ? out : null;
    const terminal = this.#element ? null : textOutput(out);
    this.#terminal = terminal?.isTTY ? terminal : null;
  }

  /** Whether anything drawn would be seen. */
  get isThere(): boolean {
    return this.#element !== null || this.#terminal !== null;
  }

  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#element) this.#element.textContent = text;
    // Erase below, draw, and go back to the first line, so that what is printed next takes its place.
    else this.#terminal?.write(`\x1b[J${text}\x1b[${lines.length}A`);
  }

  erase(): void {
    if (this.#element) this.#element.textContent = '';
    else this.#terminal?.write('\x1b[J');
  }
}
