/** The base class of iterators over a dataset in some order: options, position, epochs, state in files. */

import type { Serializer } from '../core/serializer.js';
import { partUnlessMissing, unlessMissing } from '../core/stored.js';
import { asDataset, type Dataset, type ExamplesOf } from '../datasets/dataset.js';
import { KeyError, ValueError } from '../errors.js';
import { asarray } from '../ndarray/np.js';
import { checkOptions, inWords } from '../options.js';
import { Described } from '../printing.js';
import {
  epochSize,
  type IteratorState,
  type NextBatch,
  nextBatch,
  type OrderOf,
  type OrderSampler,
  ShuffleOrderSampler,
  sampleOrder,
} from './order.js';

/** Options of iterators. */
export interface IteratorOptions {
  /** Whether it continues after each epoch, forever. Default true. If not, the last batch may be short. */
  repeat?: boolean;
  /** Whether each epoch has a new random order. Default true. */
  shuffle?: boolean;
  /** Makes the orders, instead of `shuffle`. */
  orderSampler?: OrderSampler | null;
}

/** The names of {@link IteratorOptions}. */
const OPTIONS: Readonly<Record<keyof IteratorOptions, unknown>> = { repeat: null, shuffle: null, orderSampler: null };

export abstract class OrderedIterator<T> extends Described {
  /** The dataset of the examples. */
  readonly dataset: Dataset<T>;
  /** The number of examples in a batch. */
  readonly batchSize: number;
  readonly repeat: boolean;
  /** Makes the order of each epoch; null: the order of the dataset. */
  readonly orderSampler: OrderSampler | null;
  #state: IteratorState = { position: 0, epoch: 0, isNewEpoch: false, order: null };
  #previousEpochDetail: number | null = null;
  /** Orders that were drawn ahead, by their epochs. */
  #drawn = new Map<number, Int32Array>();

  /** @throws ValueError if the batch size is not a positive integer, or if both `shuffle` and `orderSampler` are set. */
  constructor(dataset: ExamplesOf<T>, batchSize: number, options: IteratorOptions = {}) {
    super();
    checkOptions(new.target.name, options, OPTIONS);
    const { repeat = true, shuffle, orderSampler = null } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ValueError(`iterator: batch size is ${inWords(batchSize)}, expected a positive integer`);
    }
    if (orderSampler && shuffle !== undefined) {
      throw new ValueError('iterator: set either shuffle or orderSampler, not both');
    }
    if (!hasExamples(dataset))
      throw new ValueError(
        `${new.target.name}: ${inWords(dataset)} is not a dataset; expected a list or an object with length and get(i)`,
      );
    this.dataset = asDataset<T>(dataset);
    this.batchSize = batchSize;
    this.repeat = repeat;
    this.orderSampler = orderSampler ?? (shuffle === false ? null : new ShuffleOrderSampler());
    this.#start();
  }

  /** The number of the epoch's examples that were given. */
  get currentPosition(): number {
    return this.#state.position;
  }

  get epoch(): number {
    return this.#state.epoch;
  }

  get isNewEpoch(): boolean {
    return this.#state.isNewEpoch;
  }

  get epochDetail(): number {
    return this.epochSize === 0 ? this.epoch : this.epoch + this.currentPosition / this.epochSize;
  }

  get previousEpochDetail(): number | null {
    return this.#previousEpochDetail;
  }

  /** The number of examples in an epoch. */
  get epochSize(): number {
    return epochSize(this.#state, this.dataset.length);
  }

  /**
   * The number of batches in an epoch, a short last one included. With `repeat`, batches span the ends of epochs, and some epochs have
   * one fewer.
   */
  get length(): number {
    return Math.ceil(this.epochSize / this.batchSize);
  }

  /** Starts again at epoch 0, in a new order. */
  reset(): void {
    this.#start();
  }

  #start(): void {
    const { length } = this.dataset;
    const ascending = Int32Array.from({ length }, (_, i) => i);
    const order = this.orderSampler?.(ascending, 0) ?? null;
    this.#state = { position: 0, epoch: 0, isNewEpoch: false, order };
    this.#previousEpochDetail = null;
    this.#drawn.clear();
  }

  /** The batch that follows a state; the iterator stays where it is. */
  protected peek(state: IteratorState): NextBatch | null {
    const { batchSize, repeat } = this;
    return nextBatch(state, { length: this.dataset.length, batchSize, repeat, orderOf: this.#orderOf });
  }

  /** The current state. */
  protected get state(): IteratorState {
    return this.#state;
  }

  /** Moves to the state after the next batch; null if there is none. */
  protected goTo(state: IteratorState | null): void {
    this.#previousEpochDetail = this.epochDetail;
    if (!state) return;
    this.#state = state;
    for (const epoch of this.#drawn.keys()) if (epoch <= state.epoch) this.#drawn.delete(epoch);
  }

  /** The order of an epoch. It is drawn once, also if batches are looked up ahead, and again after a snapshot is read. */
  readonly #orderOf: OrderOf = (epoch, order, position) => {
    const { orderSampler } = this;
    if (!orderSampler) return order;
    const drawn = this.#drawn.get(epoch) ?? sampleOrder(orderSampler, order, position);
    this.#drawn.set(epoch, drawn);
    return drawn;
  };

  /** Reads or writes its position, and its order if it has one, under Chainer's names. */
  serialize(serializer: Serializer): void {
    const { position, epoch, isNewEpoch, order } = this.#state;
    this.#state = {
      position: serializer.value('current_position', position),
      epoch: serializer.value('epoch', epoch),
      isNewEpoch: serializer.value('is_new_epoch', isNewEpoch),
      order: order && serializeOrder(serializer, order),
    };
    // In a file, -1 means that there was no batch yet.
    const previous = serializer.value('previous_epoch_detail', this.#previousEpochDetail ?? -1);
    this.#previousEpochDetail = previous < 0 ? null : previous;
    if (order) this.#serializeDrawn(serializer, order.length);
    const { orderSampler } = this;
    if (orderSampler instanceof ShuffleOrderSampler) orderSampler.serialize(serializer.child('rensa/order_sampler'));
  }

  /** Reads or writes the orders that were drawn ahead, which Chainer's files do not have. */
  #serializeDrawn(parent: Serializer, length: number): void {
    const { writing } = parent;
    if (writing && this.#drawn.size === 0) return;
    const serializer = parent.child('rensa');
    const count = unlessMissing(serializer, 'drawn', writing ? this.#drawn.size : 0, 0);
    if (!writing)
      this.#drawn = new Map(Array.from({ length: count }, (_, i) => [this.epoch + 1 + i, new Int32Array(length)]));
    partUnlessMissing(() => {
      for (const [epoch, order] of this.#drawn)
        this.#drawn.set(epoch, serializeOrder(serializer, order, `order_${epoch}`));
    });
  }
}

function hasExamples(dataset: unknown): boolean {
  return typeof dataset === 'object' && dataset !== null && ('length' in dataset || 'shape' in dataset);
}

function serializeOrder(serializer: Serializer, order: Int32Array, name = 'order'): Int32Array {
  using array = asarray(order, { device: 'wasm' });
  try {
    serializer.array(name, array);
  } catch (error) {
    if (!(error instanceof KeyError) || name !== 'order') throw error;
    serializer.array('_order', array); // files of Chainer's other iterators
  }
  return Int32Array.from(array.dataSync());
}
