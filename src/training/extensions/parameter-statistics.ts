import { Link } from '../../core/link.js';
import type { Serializer } from '../../core/serializer.js';
import { partUnlessMissing } from '../../core/stored.js';
import { DictSummary } from '../../core/summary.js';
import type { TypedArray } from '../../ndarray/np.js';
import { checkOptions } from '../../options.js';
import { Extension, PRIORITY_WRITER } from '../extension.js';
import { getTrigger } from '../get-trigger.js';
import { countZeros, max, mean, min, percentiles, std } from '../statistics.js';
import type { Trainer } from '../trainer.js';
import type { Trigger, TriggerLike } from '../trigger.js';

/** Computes one number, or several, of all elements of a parameter or gradient. */
export type Statistic = (values: ArrayLike<number>) => number | readonly number[];

/** Options of {@link ParameterStatistics}. */
export interface ParameterStatisticsOptions {
  /** The statistics by name. Default: {@link DEFAULT_STATISTICS}. */
  statistics?: Readonly<Record<string, Statistic>>;
  /** Whether it reports statistics of parameters. Default true. */
  reportParams?: boolean;
  /** Whether it reports statistics of gradients. Default true. */
  reportGrads?: boolean;
  /** The prefix of all names. Default null: none. */
  prefix?: string | null;
  /** When it observes the means since the last time. Default: every epoch. */
  trigger?: TriggerLike;
  /** Whether statistics of arrays that contain a NaN are NaN, without being computed. Default false. */
  skipNanParams?: boolean;
}

/** The names of {@link ParameterStatisticsOptions}. */
const OPTIONS: Readonly<Record<keyof ParameterStatisticsOptions, unknown>> = {
  statistics: null,
  reportParams: null,
  reportGrads: null,
  prefix: null,
  trigger: null,
  skipNanParams: null,
};

/** The percentages below −3σ, −2σ, −σ, the mean, σ, 2σ and 3σ of a normal distribution. */
const SIGMAS = [0.13, 2.28, 15.87, 50, 84.13, 97.72, 99.87];

/** The statistics that it computes unless others are named. */
export const DEFAULT_STATISTICS = {
  /** The mean. */
  mean,
  /** The standard deviation. */
  std,
  /** The smallest. */
  min,
  /** The largest. */
  max,
  /** The number of zeros. */
  zeros: countZeros,
  /** The percentiles of −3σ, −2σ, −σ, the mean, σ, 2σ and 3σ of a normal distribution. */
  percentile: (values) => percentiles(values, SIGMAS),
} satisfies Readonly<Record<string, Statistic>>;

/**
 * Observes statistics of all parameters and gradients of links, averaged over an interval:
 * `[prefix/]link/path/data/mean`, `…/grad/std`, `…/data/percentile/0`. It reads them from the device at each invocation. Follows
 * chainer.training.extensions.ParameterStatistics.
 */
export class ParameterStatistics extends Extension {
  override readonly defaultName = 'parameter_statistics';
  override readonly priority = PRIORITY_WRITER;
  readonly #links: readonly (readonly [name: string, link: Link])[];
  readonly #statistics: Record<string, Statistic>;
  readonly #attributes: readonly ('data' | 'grad')[];
  readonly #prefix: string;
  readonly #interval: Trigger;
  readonly #skipNan: boolean;
  readonly #summary = new DictSummary();

  /** @param links a link, a list of links, or links by their names in the observation */
  constructor(
    links: Link | readonly Link[] | Readonly<Record<string, Link>>,
    options: ParameterStatisticsOptions = {},
  ) {
    super();
    checkOptions('ParameterStatistics', options, OPTIONS);
    const { statistics = DEFAULT_STATISTICS, reportParams = true, reportGrads = true, prefix = null } = options;
    const { trigger = [1, 'epoch'], skipNanParams = false } = options;
    this.#links = nameLinks(links);
    this.#statistics = { ...statistics };
    this.#attributes = [...(reportParams ? (['data'] as const) : []), ...(reportGrads ? (['grad'] as const) : [])];
    this.#prefix = prefix === null ? '' : `${prefix}/`;
    this.#interval = getTrigger(trigger);
    this.#skipNan = skipNanParams;
  }

  /** Adds a statistic. */
  registerStatistics(name: string, statistic: Statistic): void {
    this.#statistics[name] = statistic;
  }

  override async invoke(trainer: Trainer): Promise<void> {
    for (const [name, link] of this.#links) {
      for (const [path, param] of link.namedParams(false)) {
        for (const attribute of this.#attributes) {
          const array = attribute === 'data' ? param.array : param.grad?.array;
          if (!array) continue;
          const key = `${this.#prefix}${name}${name === '' ? path.slice(1) : path}/${attribute}`;
          this.#summary.add(this.#compute(key, await array.data()));
        }
      }
    }
    if (!(await this.#interval.fires(trainer))) return;
    Object.assign(trainer.observation, await this.#summary.computeMean());
    this.#summary.clear();
  }

  override serialize(serializer: Serializer): void {
    partUnlessMissing(() => this.#interval.serialize?.(serializer.child('_trigger')));
    partUnlessMissing(() => this.#summary.serialize(serializer.child('_summary')));
  }

  #compute(key: string, values: TypedArray): Record<string, number> {
    const isSkipped = this.#skipNan && values.some(Number.isNaN);
    const entries = Object.entries(this.#statistics).flatMap(([name, statistic]) => {
      const result = isSkipped ? Number.NaN : statistic(values);
      if (typeof result === 'number') return [[`${key}/${name}`, result] as const];
      return result.map((value, i) => [`${key}/${name}/${i}`, value] as const);
    });
    return Object.fromEntries(entries);
  }
}

function nameLinks(links: Link | readonly Link[] | Readonly<Record<string, Link>>): (readonly [string, Link])[] {
  if (links instanceof Link) return [['', links]];
  return isList(links) ? links.map((link) => ['', link]) : Object.entries(links);
}

function isList(links: readonly Link[] | Readonly<Record<string, Link>>): links is readonly Link[] {
  return Array.isArray(links);
}
