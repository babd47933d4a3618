import { Link } from '../../core/link.js';
import type { Serializer } from '../../core/serializer.js';
import { partUnlessMissing, unlessMissing } from '../../core/stored.js';
import { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { defaultState } from '../../ndarray/random.js';
import { checkOptions } from '../../options.js';
import { Extension } from '../extension.js';
import { getTrigger } from '../get-trigger.js';
import { type Line, lineChart } from '../line-chart.js';
import { fromPythonJson, toPythonJson } from '../numbers-as-json.js';
import { mean, percentiles, std } from '../statistics.js';
import type { Trainer } from '../trainer.js';
import type { Trigger, TriggerLike } from '../trigger.js';

/** Variables, or links, which stand for their parameters. */
export type StatisticsTarget = Variable | Link | readonly StatisticsTarget[];

/** Options of {@link VariableStatisticsPlot}. */
export interface VariableStatisticsPlotOptions {
  /** The largest number of iterations to keep: a random sample if there are more. Default 1000. */
  maxSampleSize?: number;
  /** Whether to plot data. Default true. */
  reportData?: boolean;
  /** Whether to plot gradients. Default true. */
  reportGrad?: boolean;
  /** Whether to draw the mean. Default true. */
  plotMean?: boolean;
  /** Whether to draw one standard deviation around the mean. Default true. */
  plotStd?: boolean;
  /** Percentiles, drawn as areas from the outermost pair inwards. Default: those of 1, 2 and 3 σ, and the extremes. */
  percentileSigmas?: readonly number[];
  /** When it draws the picture. Default: every epoch. */
  trigger?: TriggerLike;
  /** The file in the output directory; null: none. Default `statistics.svg`. */
  filename?: string | null;
  /** Whether to draw a grid. Default true. */
  grid?: boolean;
}

/** The names of {@link VariableStatisticsPlotOptions}. */
const OPTIONS: Readonly<Record<keyof VariableStatisticsPlotOptions, unknown>> = {
  maxSampleSize: null,
  reportData: null,
  reportGrad: null,
  plotMean: null,
  plotStd: null,
  percentileSigmas: null,
  trigger: null,
  filename: null,
  grid: null,
};

const SIGMAS = [0, 0.13, 2.28, 15.87, 50, 84.13, 97.72, 99.87, 100];
const CHART_HEIGHT = 320;
const WIDTH = 640;

interface Sample {
  readonly iteration: number;
  readonly mean: number;
  readonly std: number;
  readonly percentiles: readonly number[];
}

/** A random sample of a stream, of limited size, in which each item is equally likely (Vitter's algorithm R). */
class Reservoir<T> {
  readonly #size: number;
  readonly #items: T[] = [];
  #seen = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(item: T): void {
    this.#seen++;
    if (this.#items.length < this.#size) {
      this.#items.push(item);
      return;
    }
    const place = Math.floor(defaultState().randomSample() * this.#seen);
    if (place < this.#size) this.#items[place] = item;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /** The number of items of the stream, dropped ones included. */
  get seen(): number {
    return this.#seen;
  }

  /** Takes over the state of another sample. */
  restore(items: readonly T[], seen: number): void {
    this.#items.splice(0, this.#items.length, ...items);
    this.#seen = seen;
  }
}

/**
 * Plots the distribution of the elements of variables and of their gradients, iteration by iteration, as an SVG picture. Each
 * invocation reads them from the device. Follows chainer.training.extensions.VariableStatisticsPlot.
 */
export class VariableStatisticsPlot extends Extension {
  override readonly defaultName = 'VariableStatisticsPlot';
  readonly #variables: readonly Variable[];
  readonly #options: VariableStatisticsPlotOptions;
  readonly #interval: Trigger;
  readonly #samples: ReadonlyMap<'data' | 'grad', Reservoir<Sample>>;

  /** @throws ValueError if there is no variable, or if the options leave nothing to plot. */
  constructor(targets: StatisticsTarget, options: VariableStatisticsPlotOptions = {}) {
    super();
    checkOptions('VariableStatisticsPlot', options, OPTIONS);
    const { maxSampleSize = 1000, reportData = true, reportGrad = true, trigger = [1, 'epoch'] } = options;
    const { plotMean = true, plotStd = true, percentileSigmas = SIGMAS } = options;
    this.#variables = [...new Set(variablesOf(targets))];
    if (this.#variables.length === 0) throw new ValueError('VariableStatisticsPlot: there are no variables');
    if (!plotMean && !plotStd && percentileSigmas.length === 0) {
      throw new ValueError('VariableStatisticsPlot: there is nothing to plot');
    }
    this.#options = options;
    this.#interval = getTrigger(trigger);
    const keys = [...(reportData ? (['data'] as const) : []), ...(reportGrad ? (['grad'] as const) : [])];
    this.#samples = new Map(keys.map((key) => [key, new Reservoir(maxSampleSize)]));
  }

  /** The current picture, as SVG. */
  get svg(): string {
    const charts = [...this.#samples].map(([key, { items }], i) => {
      const { plotMean, plotStd } = this.#options;
      const title = `${key}: mean${plotStd === false ? '' : ' ± standard deviation'}, percentiles`;
      const line = { ...this.#lineOf(items), label: plotMean === false ? '' : 'mean' };
      const options = { xLabel: 'iteration', title, height: CHART_HEIGHT, width: WIDTH, marker: false };
      const svg = lineChart([line], { ...options, grid: this.#options.grid });
      return svg.replace('<svg ', `<svg y="${i * CHART_HEIGHT}" `);
    });
    const height = charts.length * CHART_HEIGHT;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">\n${charts.join('')}</svg>\n`;
  }

  override async invoke(trainer: Trainer): Promise<void> {
    for (const [key, samples] of this.#samples) {
      const values = await readAll(this.#variables, key);
      if (values.length === 0) continue;
      const { percentileSigmas = SIGMAS } = this.#options;
      const { iteration } = trainer.updater;
      const spread = percentiles(values, percentileSigmas);
      samples.add({ iteration, mean: mean(values), std: std(values), percentiles: spread });
    }
    const { filename = 'statistics.svg' } = this.#options;
    if (!(await this.#interval.fires(trainer)) || filename === null) return;
    await trainer.output?.write(filename, new TextEncoder().encode(this.svg));
  }

  /** Reads or writes the samples, and the state of the trigger. */
  override serialize(serializer: Serializer): void {
    partUnlessMissing(() => this.#interval.serialize?.(serializer.child('_trigger')));
    for (const [key, reservoir] of this.#samples) {
      const stored = unlessMissing(serializer, `_samples_${key}`, toPythonJson(reservoir.items), '');
      const seen = unlessMissing(serializer, `_seen_${key}`, reservoir.seen, 0);
      if (!serializer.writing) reservoir.restore(stored === '' ? [] : (fromPythonJson(stored) as Sample[]), seen);
    }
  }

  #lineOf(samples: readonly Sample[]): Omit<Line, 'label'> {
    const { plotMean = true, plotStd = true, percentileSigmas = SIGMAS } = this.#options;
    const inOrder = [...samples].sort((a, b) => a.iteration - b.iteration);
    const band = (low: (sample: Sample) => number, high: (sample: Sample) => number) =>
      inOrder.map((sample) => [sample.iteration, low(sample), high(sample)] as const);
    const pairs = Math.floor(percentileSigmas.length / 2);
    const bands = Array.from({ length: pairs }, (_, k) =>
      band(
        (sample) => sample.percentiles[k],
        (sample) => sample.percentiles[percentileSigmas.length - 1 - k],
      ),
    );
    if (plotStd)
      bands.push(
        band(
          (s) => s.mean - s.std,
          (s) => s.mean + s.std,
        ),
      );
    return { points: plotMean ? inOrder.map((sample) => [sample.iteration, sample.mean] as const) : [], bands };
  }
}

function variablesOf(targets: StatisticsTarget): Variable[] {
  if (targets instanceof Variable) return [targets];
  return targets instanceof Link ? [...targets.params()] : targets.flatMap(variablesOf);
}

/** The elements of all variables, or of their gradients, in one list. */
async function readAll(variables: readonly Variable[], key: 'data' | 'grad'): Promise<Float64Array> {
  const arrays = variables.flatMap((v) => (key === 'data' ? (v.isInitialized ? v.array : []) : (v.grad?.array ?? [])));
  const parts = await Promise.all(arrays.map((array) => array.data()));
  const values = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}
