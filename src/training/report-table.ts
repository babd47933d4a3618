/** The table of PrintReport, which grows by rows, as text or as HTML. */
import { type TextElement, type TextOutput, textOutput } from './text-output.js';

/** A table that takes its rows one by one. */
export interface ReportTable {
  header(columns: readonly string[]): void;
  row(cells: readonly string[]): void;
}

/** Erases the progress bar below the cursor. */
const ERASE_BELOW = '\x1b[J';

const widthOf = (column: string) => Math.max(10, column.length);

/** Lines of padded cells. */
class TextTable implements ReportTable {
  readonly #out: TextOutput;
  #widths: readonly number[] = [];

  constructor(out: TextOutput) {
    this.#out = out;
  }

  header(columns: readonly string[]): void {
    this.#widths = columns.map(widthOf);
    this.#out.write(`${columns.map((column, i) => column.padEnd(this.#widths[i])).join('  ')}\n`);
  }

  row(cells: readonly string[]): void {
    const line = cells.map((cell, i) => cell.padEnd(this.#widths[i] + 2)).join('');
    this.#out.write(`${this.#out.isTTY ? ERASE_BELOW : ''}${line}\n`);
  }
}

/** A `<table>` at the end of an element. */
class HtmlTable implements ReportTable {
  readonly #table: HTMLTableElement;

  constructor(element: Element) {
    this.#table = element.ownerDocument.createElement('table');
    element.append(this.#table);
  }

  header(columns: readonly string[]): void {
    this.#addRow(this.#table.createTHead(), 'th', columns);
    this.#table.createTBody();
  }

  row(cells: readonly string[]): void {
    this.#addRow(this.#table.tBodies[0] ?? this.#table.createTBody(), 'td', cells);
  }

  #addRow(section: HTMLTableSectionElement, kind: 'th' | 'td', texts: readonly string[]): void {
    const row = section.insertRow();
    for (const text of texts) {
      const cell = row.ownerDocument.createElement(kind);
      cell.textContent = text;
      row.append(cell);
    }
  }
}

function isElement(out: TextOutput | TextElement): out is Element & TextElement {
  return typeof Element === 'function' && out instanceof Element;
}

/** An HTML table in an element of a page, and lines of text elsewhere. */
export function reportTable(out: TextOutput | TextElement | null): ReportTable {
  return out !== null && isElement(out) ? new HtmlTable(out) : new TextTable(textOutput(out));
}
