/** Drawings of progress: bars, speeds, and lines that replace the previous ones. */
import { isTextOutput, type TextElement, type TextOutput, textOutput } from './text-output.js';

/** A bar such as `[####......] 40.00%`. */
export function progressBar(rate: number, length: number): string {
  const marks = '#'.repeat(Math.floor(rate * length));
  return `[${marks.padEnd(length, '.')}] ${`${(rate * 100).toFixed(2)}%`.padStart(6)}`;
}

/** A speed is measured over this many drawings. */
const REMEMBERED = 100;

/** The progress at some time. */
interface Reached {
  readonly iteration: number;
  readonly epoch: number;
  readonly seconds: number;
}

/** The recent speed in iterations and epochs a second. */
export class Speedometer {
  readonly #recent: Reached[] = [];

  /** Takes note of the progress, and returns the speeds. */
  at(now: Reached): { iterations: number; epochs: number } {
    this.#recent.push(now);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    const [first] = this.#recent;
    // The first drawing measures from the beginning.
    const since = this.#recent.length > 1 ? first : { iteration: 0, epoch: 0, seconds: 0 };
    const span = now.seconds - since.seconds;
    return { iterations: (now.iteration - since.iteration) / span, epochs: (now.epoch - since.epoch) / span };
  }
}

/** A terminal or an element of a page, on which lines are drawn in one place. On other outputs it draws nothing. */
export class DrawingPlace {
  readonly #element: TextElement | null;
  readonly #terminal: TextOutput | null;

  /** @param out null: standard output. */
  constructor(out: TextOutput | TextElement | null) {
    this.#element = out !== null && !isTextOutput(out) ? out : null;
    const terminal = this.#element ? null : textOutput(out);
    this.#terminal = terminal?.isTTY ? terminal : null;
  }

  /** Whether it draws at all. */
  get isThere(): boolean {
    return this.#element !== null || this.#terminal !== null;
  }

  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#element) this.#element.textContent = text;
    // Erase below, draw, and go back to the first line, so that the next output overwrites the drawing.
    else this.#terminal?.write(`\x1b[J${text}\x1b[${lines.length}A`);
  }

  erase(): void {
    if (this.#element) this.#element.textContent = '';
    else this.#terminal?.write('\x1b[J');
  }
}
