import { noBackpropMode, usingConfig } from '../../core/config.js';
import { Link } from '../../core/link.js';
import { type Observation, Reporter } from '../../core/reporter.js';
import { DictSummary } from '../../core/summary.js';
import { loadExamples } from '../../datasets/batch.js';
import { type Converter, concatExamples } from '../../datasets/concat-examples.js';
import { KeyError, ValueError } from '../../errors.js';
import type { DatasetIterator } from '../../iterators/iterator.js';
import type { DeviceName } from '../../ndarray/device.js';
import { release, scope } from '../../ndarray/lifetime.js';
import { checkOptions } from '../../options.js';
import { Extension, PRIORITY_WRITER } from '../extension.js';
import { formatDuration, formatGeneral } from '../format.js';
import { named } from '../named.js';
import { Pacer } from '../pacer.js';
import { DrawingPlace, progressBar, Speedometer } from '../progress-drawing.js';
import type { TextElement, TextOutput } from '../text-output.js';
import type { Trainer } from '../trainer.js';
import type { TriggerLike } from '../trigger.js';

/** Options of {@link Evaluator}. */
export interface EvaluatorOptions<T> {
  /** Makes the arguments of a batch. Default `concatExamples`. */
  converter?: Converter<T>;
  /** The device of batches. Default: the default device. */
  device?: DeviceName | null;
  /** Called before each evaluation. */
  evalHook?: ((evaluator: Evaluator<T>) => void) | null;
  /** Called with the arrays of each batch. Default: the target. */
  evalFunc?: ((...inputs: never[]) => unknown) | null;
  /** The terminal or element on which to draw the progress; true: standard output. Default false: no drawing. */
  progressBar?: boolean | TextOutput | TextElement;
}

/** The names of {@link EvaluatorOptions}. */
const OPTIONS: Readonly<Record<keyof EvaluatorOptions<unknown>, unknown>> = {
  converter: null,
  device: null,
  evalHook: null,
  evalFunc: null,
  progressBar: null,
};

/**
 * Runs a model over a test set every epoch, in test mode and without a graph, and observes the means of its reports under
 * `validation/`. Batches count alike in a mean, whatever their sizes. Follows chainer.training.extensions.Evaluator.
 */
export class Evaluator<T> extends Extension {
  override readonly trigger: TriggerLike = [1, 'epoch'];
  override readonly priority = PRIORITY_WRITER;
  override readonly defaultName = 'validation';
  readonly #iterators: ReadonlyMap<string, DatasetIterator<T>>;
  readonly #targets: ReadonlyMap<string, Link>;
  /** The links that stay alive over evaluations. All evaluations use this list as their root, so each frees the rest of the last. */
  readonly #kept: readonly Link[];
  readonly #converter: Converter<T>;
  readonly #device: DeviceName | null;
  readonly #evalHook: ((evaluator: Evaluator<T>) => void) | null;
  readonly #evalFunc: ((...inputs: never[]) => unknown) | null;
  readonly #place: DrawingPlace | null;
  /** The reports of the last batch, which fields of the targets may still hold. */
  #lastReported: Observation = {};

  /**
   * @param iterator gives one epoch (`repeat: false`). This class uses the one called `main` of several by name
   * @param target a model that reports, such as a Classifier; several by name
   * @throws ValueError if the iterator repeats, because the evaluation would not end.
   */
  constructor(
    iterator: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
    target: Link | Readonly<Record<string, Link>>,
    options: EvaluatorOptions<T> = {},
  ) {
    super();
    checkOptions(new.target.name, options, OPTIONS);
    const {
      converter = concatExamples,
      device = null,
      evalHook = null,
      evalFunc = null,
      progressBar: drawn = false,
    } = options;
    this.#iterators = named(`${new.target.name}: an iterator`, iterator, isIterator);
    this.#targets = named(`${new.target.name}: a link`, target, isLink);
    this.#kept = [...this.#targets.values()];
    this.#converter = converter;
    this.#device = device;
    this.#evalHook = evalHook;
    this.#evalFunc = evalFunc;
    const place = drawn === false ? null : new DrawingPlace(drawn === true ? null : drawn);
    this.#place = place?.isThere ? place : null;
    for (const [name, { repeat }] of this.#iterators) {
      if (repeat) throw new ValueError(`Evaluator: the iterator '${name}' repeats forever; make it with repeat: false`);
    }
  }

  /** @throws KeyError if there is no iterator of that name. */
  getIterator(name: string): DatasetIterator<T> {
    return find(this.#iterators, name, 'iterator');
  }

  /** @throws KeyError if there is no target of that name. */
  getTarget(name: string): Link {
    return find(this.#targets, name, 'target');
  }

  /** Evaluates. Returns the means, `validation/main/loss`, …, which the trainer, if there is one, observes. */
  override async invoke(trainer: Trainer | null = null): Promise<Record<string, number>> {
    const prefix = this.name === null ? '' : `${this.name}/`;
    const reporter = new Reporter();
    for (const [name, target] of this.#targets) reporter.addObservers(prefix + name, target.namedLinks());
    const result = await this.evaluate(reporter);
    if (trainer) Object.assign(trainer.observation, result);
    return result;
  }

  /** The means of the reports to `reporter` over an epoch. Override it to evaluate in another way. */
  protected async evaluate(reporter: Reporter): Promise<Record<string, number>> {
    this.#evalHook?.(this);
    const iterator = this.getIterator('main');
    iterator.reset();
    const evalFunc = this.#evalFunc ?? this.getTarget('main');
    const summary = new DictSummary();
    const pacer = new Pacer();
    const lines = progressLines(this.name ?? this.defaultName, iterator);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const batch = await loadExamples(next.value);
      const observation: Observation = {};
      const run = () =>
        scope(this.#kept, () => {
          const inputs = this.#converter(batch, this.#device);
          Reflect.apply(evalFunc, undefined, Array.isArray(inputs) ? inputs : [inputs]);
        });
      reporter.scope(observation, () => usingConfig('train', false, () => noBackpropMode(run)));
      summary.add(observation);
      release(this.#lastReported, [this.#kept, observation]);
      this.#lastReported = observation;
      this.#place?.draw(lines());
      await pacer.pause();
    }
    this.#place?.erase();
    const means = await summary.computeMean();
    summary.clear();
    return means;
  }

  override finalize(): void {
    for (const iterator of this.#iterators.values()) iterator.finalize?.();
  }
}

/** The length of the bar, in characters. */
const BAR_LENGTH = 50;

/** The drawing after each batch: the progress of the evaluation, its speed, and the time left. */
function progressLines(name: string, iterator: Pick<DatasetIterator<unknown>, 'epochDetail'>): () => string[] {
  const start = performance.now();
  const speedometer = new Speedometer();
  let iteration = 0;
  return () => {
    iteration++;
    const { epochDetail } = iterator;
    const speed = speedometer.at({ iteration, epoch: epochDetail, seconds: (performance.now() - start) / 1000 });
    return [
      `${name.padStart(10)} ${progressBar(Math.min(epochDetail, 1), BAR_LENGTH)}`,
      `${String(iteration).padStart(10)} iter`,
      `${formatGeneral(speed.iterations, 5).padStart(10)} iters/sec. Estimated time to finish: ${formatDuration(Math.max(0, 1 - epochDetail) / speed.epochs)}.`,
    ];
  };
}

function isIterator<T>(
  value: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
): value is DatasetIterator<T> {
  return typeof value.next === 'function';
}

function isLink(value: Link | Readonly<Record<string, Link>>): value is Link {
  return value instanceof Link;
}

function find<V>(things: ReadonlyMap<string, V>, name: string, kind: string): V {
  const found = things.get(name);
  if (!found) throw new KeyError(`Evaluator: there is no ${kind} '${name}'`);
  return found;
}
