import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { Extension } from '../extension.js';
import { formatGeneral } from '../format.js';
import { type TextElement, type TextOutput, textOutput } from '../text-output.js';
import type { Trainer } from '../trainer.js';
import { type LogEntry, LogReport } from './log-report.js';

/** Options of {@link PrintReport}. */
export interface PrintReportOptions {
  /** The log: the name of a LogReport in the trainer, or one that only this extension drives. Default `LogReport`. */
  logReport?: string | LogReport;
  /** Where lines go: a stream, or an element of a page. Default: standard output. */
  out?: TextOutput | TextElement | null;
}

/** Erases the progress bar below the cursor. */
const ERASE_BELOW = '\x1b[J';

/** Prints a log as a table, line by line; follows chainer.training.extensions.PrintReport. */
export class PrintReport extends Extension {
  override readonly defaultName = 'PrintReport';
  readonly #columns: readonly { readonly key: string; readonly width: number }[];
  readonly #logReport: string | LogReport;
  readonly #out: TextOutput;
  #hasHeader = false;
  #printed = 0;

  /** @param entries the columns: `epoch`, `main/loss`, `validation/main/accuracy`, `elapsed_time`, … */
  constructor(entries: readonly string[], options: PrintReportOptions = {}) {
    super();
    const { logReport = 'LogReport', out = null } = options;
    this.#columns = entries.map((key) => ({ key, width: Math.max(10, key.length) }));
    this.#logReport = logReport;
    this.#out = textOutput(out);
  }

  override async invoke(trainer: Trainer): Promise<void> {
    if (!this.#hasHeader) {
      this.#out.write(`${this.#columns.map(({ key, width }) => key.padEnd(width)).join('  ')}\n`);
      this.#hasHeader = true;
    }
    const { log } = await this.#updatedLog(trainer);
    for (; this.#printed < log.length; this.#printed++) this.#out.write(this.#line(log[this.#printed]));
  }

  #line(entry: Readonly<LogEntry>): string {
    const cells = this.#columns.map(({ key, width }) =>
      (key in entry ? formatGeneral(entry[key]) : '').padEnd(width + 2),
    );
    return `${this.#out.isTTY ? ERASE_BELOW : ''}${cells.join('')}\n`;
  }

  async #updatedLog(trainer: Trainer): Promise<LogReport> {
    if (this.#logReport instanceof LogReport) {
      await this.#logReport.invoke(trainer);
      return this.#logReport;
    }
    const found = trainer.getExtension(this.#logReport);
    if (!(found instanceof LogReport)) throw new ValueError(`PrintReport: '${this.#logReport}' is not a LogReport`);
    return found;
  }

  override serialize(serializer: Serializer): void {
    if (this.#logReport instanceof LogReport) this.#logReport.serialize(serializer.child('_log_report'));
  }
}
