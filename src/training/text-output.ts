/** Outputs of text: a terminal, an element of a page, the console. */

/** An output that takes text, such as `process.stdout`. */
export interface TextOutput {
  /** Writes the next text; lines end in `\n`. */
  write(text: string): unknown;
  /** Whether it is a terminal, where the cursor can be moved. */
  readonly isTTY?: boolean;
}

/** An element of a page whose text can be replaced. */
export interface TextElement {
  /** The text, as an element of a page has it. */
  textContent: string | null;
}

/** The console, line by line. */
class ConsoleOutput implements TextOutput {
  #line = '';

  write(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) console.log(line);
  }
}

/** An element, written at the end of its text. */
class ElementOutput implements TextOutput {
  readonly #element: TextElement;

  constructor(element: TextElement) {
    this.#element = element;
  }

  write(text: string): void {
    this.#element.textContent = (this.#element.textContent ?? '') + text;
  }
}

/** The output for `out`. Default: the process's standard output, or the console where there is no process. */
export function textOutput(out: TextOutput | TextElement | null = null): TextOutput {
  if (out !== null) return isTextOutput(out) ? out : new ElementOutput(out);
  return globalThis.process?.stdout ?? new ConsoleOutput();
}

/** Whether the output appends text instead of replacing it. */
export function isTextOutput(out: TextOutput | TextElement): out is TextOutput {
  return 'write' in out && typeof out.write === 'function';
}
