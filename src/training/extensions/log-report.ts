import type { Observation } from '../../core/reporter.js';
import type { Serializer } from '../../core/serializer.js';
import { DictSummary } from '../../core/summary.js';
import { FormatError } from '../../errors.js';
import { checkOptions, inWords } from '../../options.js';
import { Extension } from '../extension.js';
import { getTrigger } from '../get-trigger.js';
import { fromPythonJson, toPythonJson } from '../numbers-as-json.js';
import type { Trainer } from '../trainer.js';
import type { Trigger, TriggerLike } from '../trigger.js';
import { UnreportedNames } from '../unreported-names.js';

/** One entry of a log: the means of reported values, and `epoch`, `iteration`, `elapsed_time`. */
export type LogEntry = Record<string, number>;

/** Options of {@link LogReport}. */
export interface LogReportOptions {
  /** The names of the logged values. Default null: all. */
  keys?: readonly string[] | null;
  /** When it adds an entry. Default: every epoch. */
  trigger?: TriggerLike;
  /** Changes an entry before it is added. */
  postprocess?: ((entry: LogEntry) => void) | null;
  /** The file in the output directory; null: none. `{epoch}` and other names stand for values of the entry. Default `log`. */
  filename?: string | null;
}

/** The names of {@link LogReportOptions}. */
const OPTIONS: Readonly<Record<keyof LogReportOptions, unknown>> = {
  keys: null,
  trigger: null,
  postprocess: null,
  filename: null,
};

/**
 * Averages reported values over an interval, keeps the means in a log, and writes the log as JSON. Follows
 * chainer.training.extensions.LogReport.
 */
export class LogReport extends Extension {
  override readonly defaultName = 'LogReport';
  readonly #keys: readonly string[] | null;
  readonly #interval: Trigger;
  readonly #postprocess: ((entry: LogEntry) => void) | null;
  readonly #filename: string | null;
  readonly #summary = new DictSummary();
  readonly #unreported: UnreportedNames;
  #log: LogEntry[] = [];

  constructor(options: LogReportOptions = {}) {
    super();
    checkOptions('LogReport', options, OPTIONS);
    const { keys = null, trigger = [1, 'epoch'], postprocess = null, filename = 'log' } = options;
    this.#keys = keys;
    this.#unreported = new UnreportedNames('LogReport', keys ?? []);
    this.#interval = getTrigger(trigger);
    this.#postprocess = postprocess;
    this.#filename = filename;
  }

  /** The entries so far. */
  get log(): readonly Readonly<LogEntry>[] {
    return this.#log;
  }

  override async invoke(trainer: Trainer): Promise<void> {
    this.#unreported.note(trainer.observation);
    this.#summary.add(this.#chosen(trainer.observation));
    if (!trainer.isBeforeTraining && !(await this.#interval.fires(trainer))) return;
    if (trainer.updater.epoch > 0) this.#unreported.warn();
    const entry: LogEntry = await this.#summary.computeMean();
    this.#summary.clear();
    entry.epoch = trainer.updater.epoch;
    entry.iteration = trainer.updater.iteration;
    entry.elapsed_time = trainer.elapsedTime;
    this.#postprocess?.(entry);
    this.#log.push(entry);
    if (this.#filename === null) return;
    const name = this.#filename.replace(/\{(\w+)\}/g, (place, key) =>
      Object.hasOwn(entry, key) ? String(entry[key]) : place,
    );
    await trainer.output?.write(name, new TextEncoder().encode(JSON.stringify(this.#log, null, 4)));
  }

  /** Warns of keys that were never reported. */
  override finalize(): void {
    this.#unreported.warn();
  }

  #chosen(observation: Observation): Observation {
    const keys = this.#keys;
    if (keys === null) return observation;
    return Object.fromEntries(Object.entries(observation).filter(([key]) => keys.includes(key)));
  }

  override serialize(serializer: Serializer): void {
    this.#interval.serialize?.(serializer.child('_trigger'));
    this.#summary.serialize(serializer.child('_summary'));
    const log = fromPythonJson(serializer.value('_log', toPythonJson(this.#log)));
    if (!Array.isArray(log) || !log.every((entry) => typeof entry === 'object'))
      throw new FormatError(`LogReport: '_log' is ${inWords(log)}, expected a list of records`);
    this.#log = log;
  }
}
