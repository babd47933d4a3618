/** The updater that trains one model on one iterator. */
import type { Link } from '../../core/link.js';
import type { Serializer } from '../../core/serializer.js';
import type { Variable } from '../../core/variable.js';
import { type Examples, loadExamples } from '../../datasets/batch.js';
import { type Converter, concatExamples } from '../../datasets/concat-examples.js';
import type { Concatenated } from '../../datasets/dataset.js';
import { KeyError, ValueError } from '../../errors.js';
import type { DatasetIterator } from '../../iterators/iterator.js';
import type { DeviceName } from '../../ndarray/device.js';
import { reach, scope } from '../../ndarray/lifetime.js';
import { asLoss } from '../../optimizers/loss.js';
import { Optimizer } from '../../optimizers/optimizer.js';
import { checkOptions } from '../../options.js';
import { Described, made } from '../../printing.js';
import { named } from '../named.js';
import type { Observe, Updater } from '../updater.js';

/** The arguments that `concatExamples` makes of examples: one array for each part of a tuple, one record, or one array. */
export type ModelArguments<T> = T extends readonly unknown[] ? Concatenated<T> : [Concatenated<T>];

/** Options of {@link StandardUpdater}. */
export interface StandardUpdaterOptions<T> {
  /** Makes the model's arguments of a batch. Default `concatExamples`. */
  converter?: Converter<T>;
  /** The device of the model and the batches. Default: the model stays where it is, and batches go to the default device. */
  device?: DeviceName | null;
  /** Computes the loss of a batch's arrays. Default: the optimizer's target. */
  lossFunc?: ((...inputs: never[]) => Variable) | null;
  /** The factor of losses before backward; see {@link Optimizer.setLossScale}. Default null: that of the optimizers. */
  lossScale?: number | null;
  /** Whether the optimizers count the epochs of the iterator. Default true. */
  autoNewEpoch?: boolean;
}

/** The names of {@link StandardUpdaterOptions}. */
const OPTIONS: Readonly<Record<keyof StandardUpdaterOptions<unknown>, unknown>> = {
  converter: null,
  device: null,
  lossFunc: null,
  lossScale: null,
  autoNewEpoch: null,
};

/**
 * Takes a batch, makes arrays of it, and lets the optimizer update its target by the loss; follows
 * chainer.training.StandardUpdater. A subclass with several models overrides {@link updateCore}.
 *
 * An update frees at its end all arrays that it made, except those that the optimizers' targets hold and those that were reported.
 */
export class StandardUpdater<T> extends Described implements Updater {
  readonly #iterators: ReadonlyMap<string, DatasetIterator<T>>;
  readonly #optimizers: ReadonlyMap<string, Optimizer>;
  readonly #converter: Converter<T>;
  readonly #device: DeviceName | null;
  readonly #lossFunc: ((...inputs: never[]) => Variable) | null;
  readonly #autoNewEpoch: boolean;
  #iteration = 0;

  /**
   * @param iterator gives batches. If there are several by name, this class uses `main`, which counts the epochs.
   * @param optimizer an optimizer that is set up. If there are several by name, this class uses `main`.
   */
  constructor(
    iterator: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
    optimizer: Optimizer | Readonly<Record<string, Optimizer>>,
    options: StandardUpdaterOptions<T> = {},
  ) {
    super();
    checkOptions(new.target.name, options, OPTIONS);
    const {
      converter = concatExamples,
      device = null,
      lossFunc = null,
      lossScale = null,
      autoNewEpoch = true,
    } = options;
    this.#iterators = named(`${new.target.name}: an iterator`, iterator, isIterator);
    this.#optimizers = named(`${new.target.name}: an optimizer`, optimizer, isOptimizer);
    this.#converter = converter;
    this.#device = device;
    this.#lossFunc = lossFunc;
    this.#autoNewEpoch = autoNewEpoch;
    if (lossScale !== null) for (const made of this.#optimizers.values()) made.setLossScale(lossScale);
    if (device !== null) for (const { target } of this.#optimizers.values()) target.toDevice(device);
  }

  get iteration(): number {
    return this.#iteration;
  }

  get epoch(): number {
    return this.getIterator('main').epoch;
  }

  get epochDetail(): number {
    return this.getIterator('main').epochDetail;
  }

  get previousEpochDetail(): number | null {
    return this.getIterator('main').previousEpochDetail;
  }

  get isNewEpoch(): boolean {
    return this.getIterator('main').isNewEpoch;
  }

  /** The device of batches; null: the default device. */
  get device(): DeviceName | null {
    return this.#device;
  }

  /** The iterator of a name; 'main' is the one that counts epochs. @throws KeyError if there is none. */
  getIterator(name: string): DatasetIterator<T> {
    return find(this.#iterators, name, 'iterator');
  }

  getOptimizer(name: string): Optimizer {
    return find(this.#optimizers, name, 'optimizer');
  }

  getAllOptimizers(): ReadonlyMap<string, Optimizer> {
    return this.#optimizers;
  }

  /** Takes the next batch of the `main` iterator and updates by it. @throws ValueError if there is no batch left. */
  async update(observe: Observe = (fn) => fn()): Promise<void> {
    const iterator = this.getIterator('main');
    const next = await iterator.next();
    if (next.done) throw new ValueError('StandardUpdater: the iterator has no batch left; it must repeat');
    const batch = await loadExamples(next.value);
    await this.updateBy(batch, observe);
    if (this.#autoNewEpoch && iterator.isNewEpoch) for (const o of this.#optimizers.values()) o.newEpoch();
    this.#iteration++;
  }

  /** The update by one batch, whose reports go to `observe`. Override it for an update that has to wait in the middle. */
  protected updateBy(batch: Examples<T>, observe: Observe): void | Promise<void> {
    observe(() => scope(this, () => this.updateCore(batch)));
  }

  /** The update by one batch. Override it to train several models at once. */
  protected updateCore(batch: Examples<T>): void {
    this.getOptimizer('main').update(() => this.computeLoss(batch));
  }

  /** The loss of a batch, by the loss function or the `main` optimizer's target. */
  protected computeLoss(batch: Examples<T>): Variable {
    return callForLoss(this.#lossFunc ?? this.getOptimizer('main').target, this.convert(batch));
  }

  /**
   * The arrays of a batch: the arguments of the model, in order. Their types are those that `concatExamples` gives. For another
   * converter, name them: `this.convert<[NDArray, NDArray]>(batch)`.
   */
  protected convert<A extends readonly unknown[] = ModelArguments<T>>(batch: Examples<T>): A {
    const inputs = this.#converter(batch, this.#device);
    // The types of a converter's results are known only at run time.
    return (Array.isArray(inputs) ? inputs : [inputs]) as unknown as A;
  }

  finalize(): void {
    for (const iterator of this.#iterators.values()) iterator.finalize?.();
  }

  /** Reads or writes all state, under Chainer's names: `iterator:main/epoch`, `model:main/…`, `optimizer:main/t`. */
  serialize(serializer: Serializer): void {
    for (const [name, iterator] of this.#iterators) iterator.serialize(serializer.child(`iterator:${name}`));
    for (const [name, optimizer] of this.#optimizers) {
      // The model comes first: it gives parameters their shapes, which the optimizer's states need.
      optimizer.target.serialize(serializer.child(`model:${name}`));
      optimizer.serialize(serializer.child(`optimizer:${name}`));
    }
    this.#iteration = serializer.value('iteration', this.#iteration);
  }

  /** Keeps the optimizers and their models alive with the updater. */
  [reach](visit: (value: unknown) => void): void {
    for (const optimizer of this.#optimizers.values()) visit(optimizer);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return {
      ...Object.fromEntries(this.#iterators),
      ...(this.#optimizers.size === 1
        ? { optimizer: [...this.#optimizers.values()][0] }
        : { optimizers: [...this.#optimizers.values()] }),
    };
  }
}

function isIterator<T>(
  value: DatasetIterator<T> | Readonly<Record<string, DatasetIterator<T>>>,
): value is DatasetIterator<T> {
  return typeof value.next === 'function';
}

function isOptimizer(value: Optimizer | Readonly<Record<string, Optimizer>>): value is Optimizer {
  return value instanceof Optimizer;
}

function find<V>(things: ReadonlyMap<string, V>, name: string, kind: string): V {
  const found = things.get(name);
  if (found === undefined) {
    throw new KeyError(`updater: there is no ${kind} '${name}' (there are ${[...things.keys()].join(', ')})`);
  }
  return found;
}

/** Calls a model whose arguments are known only at run time. */
function callForLoss(lossFunc: Link | ((...inputs: never[]) => Variable), inputs: readonly unknown[]): Variable {
  const loss: unknown = Reflect.apply(lossFunc, undefined, inputs);
  return asLoss('StandardUpdater', loss);
}
