/** What a loss is multiplied by before backward, and how gradients become true again. */
import type { Link } from '../core/link.js';
import type { Serializer } from '../core/serializer.js';
import { unlessMissing } from '../core/stored.js';
import { ValueError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import { absolute, max } from '../ndarray/np.js';

/** Options of {@link Optimizer.lossScaling}. */
export interface LossScalingOptions {
  /** In how many updates a dynamic scale doubles. Default 1000. */
  interval?: number;
  /** A fixed scale; null: a dynamic one. Default null. */
  scale?: number | null;
}

/** A scale that an optimizer uses. */
export interface LossScale {
  readonly value: number;
  /** Reads or writes what changes of it. */
  serialize?(serializer: Serializer): void;
  /** Divides all gradients of a link by the scale, in place. Returns whether they may be used. */
  unscale(link: Link): boolean;
}

function* gradientsOf(link: Link): IterableIterator<NDArray> {
  for (const { grad } of link.params(false)) if (grad) yield grad.array;
}

function divide(link: Link, scale: number): void {
  for (const grad of gradientsOf(link)) grad.device.binary('multiply', grad, 1 / scale, grad);
}

/** One number for ever. */
export class FixedLossScale implements LossScale {
  constructor(readonly value: number) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new ValueError(`lossScale: ${value} is not a positive number`);
    }
  }

  unscale(link: Link): boolean {
    divide(link, this.value);
    return true;
  }
}

/** As large as gradients allow. It reads one number of each gradient from the device. */
export class DynamicLossScale implements LossScale {
  /** What Chainer starts from, and does not exceed: the largest numbers of 16 bits. */
  static readonly #START = 65536;
  static readonly #MOST = 65504;
  readonly #growth: number;
  #value = DynamicLossScale.#START;

  constructor(interval: number) {
    if (!Number.isInteger(interval) || interval < 1) {
      throw new ValueError(`lossScaling: interval is ${interval}, expected a positive integer`);
    }
    this.#growth = 2 ** (1 / interval);
  }

  get value(): number {
    return this.#value;
  }

  serialize(serializer: Serializer): void {
    this.#value = unlessMissing(serializer, 'loss_scale', this.#value, this.#value);
  }

  unscale(link: Link): boolean {
    const usable = [...gradientsOf(link)].every(
      (grad) => grad.size === 0 || Number.isFinite(max(absolute(grad)).item()),
    );
    if (usable) divide(link, this.#value);
    this.#value = usable ? Math.min(this.#value * this.#growth, DynamicLossScale.#MOST) : Math.max(this.#value / 2, 1);
    return usable;
  }
}
