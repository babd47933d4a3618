import type { Serializer } from '../../core/serializer.js';
import { partUnlessMissing } from '../../core/stored.js';
import { DictSummary } from '../../core/summary.js';
import { FormatError, ValueError } from '../../errors.js';
import { checkOptions, inWords } from '../../options.js';
import { Extension } from '../extension.js';
import { getTrigger } from '../get-trigger.js';
import { lineChart, type Point } from '../line-chart.js';
import { fromPythonJson, toPythonJson } from '../numbers-as-json.js';
import type { Trainer } from '../trainer.js';
import type { Trigger, TriggerLike } from '../trigger.js';
import { UnreportedNames } from '../unreported-names.js';

/** Options of {@link PlotReport}. */
export interface PlotReportOptions {
  /** When it adds a point and draws the picture. Default: every epoch. */
  trigger?: TriggerLike;
  /** Changes the SVG before it is written. */
  postprocess?: ((svg: string) => string) | null;
  /** The file in the output directory; null: none. Default `plot.svg`. */
  filename?: string | null;
  /** Whether to mark the points. Default true. */
  marker?: boolean;
  /** Whether to draw a grid. Default true. */
  grid?: boolean;
}

/** The names of {@link PlotReportOptions}. */
const OPTIONS: Readonly<Record<keyof PlotReportOptions, unknown>> = {
  trigger: null,
  postprocess: null,
  filename: null,
  marker: null,
  grid: null,
};

/**
 * Plots reported values, averaged over intervals, as an SVG picture. Follows chainer.training.extensions.PlotReport, which
 * draws a PNG.
 */
export class PlotReport extends Extension {
  override readonly defaultName = 'PlotReport';
  readonly #yKeys: readonly string[];
  readonly #xKey: 'iteration' | 'epoch';
  readonly #options: PlotReportOptions;
  readonly #interval: Trigger;
  readonly #filename: string | null;
  readonly #summary = new DictSummary();
  readonly #unreported: UnreportedNames;
  #points: Map<string, Point[]>;

  /** @param yKeys the values, such as `['main/loss', 'validation/main/loss']` */
  constructor(
    yKeys: string | readonly string[],
    xKey: 'iteration' | 'epoch' = 'iteration',
    options: PlotReportOptions = {},
  ) {
    super();
    checkOptions('PlotReport', options, OPTIONS);
    const { trigger = [1, 'epoch'], filename = 'plot.svg' } = options;
    this.#yKeys = typeof yKeys === 'string' ? [yKeys] : yKeys;
    if (xKey !== 'iteration' && xKey !== 'epoch')
      throw new ValueError(`PlotReport: xKey is ${inWords(xKey)}, expected 'iteration' or 'epoch'`);
    this.#unreported = new UnreportedNames('PlotReport', this.#yKeys);
    this.#xKey = xKey;
    this.#options = options;
    this.#interval = getTrigger(trigger);
    this.#filename = filename;
    this.#points = new Map(this.#yKeys.map((key) => [key, []]));
  }

  /** The current picture, as SVG. */
  get svg(): string {
    const { marker, grid, postprocess } = this.#options;
    const lines = this.#yKeys.map((label) => ({ label, points: this.#points.get(label) ?? [] }));
    const svg = lineChart(lines, { xLabel: this.#xKey, marker, grid });
    return postprocess ? postprocess(svg) : svg;
  }

  override async invoke(trainer: Trainer): Promise<void> {
    const { observation, updater, output } = trainer;
    this.#unreported.note(observation);
    const chosen = Object.entries(observation).filter(([key]) => this.#yKeys.includes(key));
    this.#summary.add(Object.fromEntries(chosen));
    if (!trainer.isBeforeTraining && !(await this.#interval.fires(trainer))) return;
    if (updater.epoch > 0) this.#unreported.warn();
    const means = await this.#summary.computeMean();
    this.#summary.clear();
    for (const [key, value] of Object.entries(means)) this.#points.get(key)?.push([updater[this.#xKey], value]);
    if (this.#filename !== null && [...this.#points.values()].some((points) => points.length > 0)) {
      await output?.write(this.#filename, new TextEncoder().encode(this.svg));
    }
  }

  /** Warns of values that were never reported. */
  override finalize(): void {
    this.#unreported.warn();
  }

  override serialize(serializer: Serializer): void {
    const name = `_plot_${this.#filename}`;
    const written = toPythonJson(Object.fromEntries(this.#points));
    const points = Object.entries(Object(fromPythonJson(serializer.value(name, written))));
    if (!points.every((entry): entry is [string, Point[]] => isPoints(entry[1])))
      throw new FormatError(`PlotReport: '${name}' is not a record of lists of points`);
    this.#points = new Map(points);
    // Chainer saves neither of these, and draws one point too many after it resumes.
    partUnlessMissing(() => this.#interval.serialize?.(serializer.child('_trigger')));
    partUnlessMissing(() => this.#summary.serialize(serializer.child('_summary')));
  }
}

function isPoints(value: unknown): value is Point[] {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every((x) => typeof x === 'number');
  return Array.isArray(value) && value.every(isPoint);
}
