/** Where reports are printed: a terminal, an element of a page, the console. It knows nothing of what is printed. */

/** Something that takes text, such as `process.stdout`. */
export interface TextOutput {
  /** Takes the next piece of text; lines end in `\n`. */
  write(text: string): unknown;
  /** Whether it is a terminal, where the cursor can be moved. */
  readonly isTTY?: boolean;
}

/** An element of a page, whose text is replaced. */
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

/** Text at the end of an element's text. */
class ElementOutput implements TextOutput {
  readonly #element: TextElement;

  constructor(element: TextElement) {
    this.#element = element;
  }

  write(text: string): void {
    this.#element.textContent = (this.#element.textContent ?? '') + text;
  }
}

/** The output of whatever takes text; by default the process's standard output, or the console where there is no process. */
export function textOutput(out: TextOutput | TextElement | null = null): TextOutput {
  if (out !== null) return isTextOutput(out) ? out : new ElementOutput(out);
  return globalThis.process?.stdout ?? new ConsoleOutput();
}

/** Whether text is written one after another, rather than replaced. */
export function isTextOutput(out: TextOutput | TextElement): out is TextOutput {
  return 'write' in out && typeof out.write === 'function';
}
