import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { checkOptions, inWords } from '../../options.js';
import { Extension } from '../extension.js';
import { formatGeneral } from '../format.js';
import { type ReportTable, reportTable } from '../report-table.js';
import type { TextElement, TextOutput } from '../text-output.js';
import type { Trainer } from '../trainer.js';
import { UnreportedNames } from '../unreported-names.js';
import { type LogEntry, LogReport } from './log-report.js';

/** Options of {@link PrintReport}. */
export interface PrintReportOptions {
  /** The log: the name of a LogReport in the trainer, or a LogReport that only this extension invokes. Default `LogReport`. */
  logReport?: string | LogReport;
  /** The output: a stream, or an element of a page. Default: standard output. */
  out?: TextOutput | TextElement | null;
}

/** The names of {@link PrintReportOptions}. */
const OPTIONS: Readonly<Record<keyof PrintReportOptions, unknown>> = { logReport: null, out: null };

/**
 * Prints a log as a table, line by line, or as rows of an HTML table in an element of a page. Follows
 * chainer.training.extensions.PrintReport, and PrintReportNotebook.
 */
export class PrintReport extends Extension {
  override readonly defaultName = 'PrintReport';
  readonly #columns: readonly string[];
  readonly #logReport: string | LogReport;
  readonly #table: ReportTable;
  readonly #unreported: UnreportedNames;
  #hasHeader = false;
  #printed = 0;

  /** @param entries the columns: `epoch`, `main/loss`, `validation/main/accuracy`, `elapsed_time`, … */
  constructor(entries: readonly string[], options: PrintReportOptions = {}) {
    super();
    checkOptions('PrintReport', options, OPTIONS);
    const { logReport = 'LogReport', out = null } = options;
    if (!Array.isArray(entries))
      throw new ValueError(`PrintReport: entries are ${inWords(entries)}, expected a list of names`);
    this.#columns = entries;
    this.#unreported = new UnreportedNames('PrintReport', entries);
    this.#logReport = logReport;
    this.#table = reportTable(out);
  }

  override async invoke(trainer: Trainer): Promise<void> {
    if (!this.#hasHeader) {
      this.#table.header(this.#columns);
      this.#hasHeader = true;
    }
    const { log } = await this.#updatedLog(trainer);
    const isNew = this.#printed < log.length;
    for (; this.#printed < log.length; this.#printed++) {
      this.#unreported.note(log[this.#printed]);
      this.#table.row(this.#cells(log[this.#printed]));
    }
    // By now, values that are evaluated once an epoch were reported.
    if (isNew && trainer.updater.epoch > 0) this.#unreported.warn();
  }

  /** Warns of columns that stayed empty. */
  override finalize(): void {
    this.#unreported.warn();
  }

  #cells(entry: Readonly<LogEntry>): string[] {
    return this.#columns.map((key) => (Object.hasOwn(entry, key) ? formatGeneral(entry[key]) : ''));
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
