/** Loss scaling: a loss is multiplied by a scale before backward, and gradients are divided by it afterwards. */
import type { Link } from '../core/link.js';
import type { Serializer } from '../core/serializer.js';
import { unlessMissing } from '../core/stored.js';
import { ValueError } from '../errors.js';
import type { NDArray } from '../ndarray/np.js';
import { absolute, max } from '../ndarray/np.js';

/** Options of {@link Optimizer.lossScaling}. */
export interface LossScalingOptions {
  /** The number of updates after which a dynamic scale doubles. Default 1000. */
  interval?: number;
  /** A fixed scale; null: a dynamic one. Default null. */
  scale?: number | null;
}

/** The scale of an optimizer. */
export interface LossScale {
  readonly value: number;
  /** Reads or writes its state, if it has one. */
  serialize?(serializer: Serializer): void;
  /** Divides all gradients of a link by the scale, in place. Returns false if one of them is not finite. */
  unscale(link: Link): boolean;
}

function* gradientsOf(link: Link): IterableIterator<NDArray> {
  for (const { grad } of link.params(false)) if (grad) yield grad.array;
}

function divide(link: Link, scale: number): void {
  for (const grad of gradientsOf(link)) grad.device.binary('multiply', grad, 1 / scale, grad);
}

/** A scale that stays the same. */
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

/** A scale that is as large as gradients allow. It reads one number of each gradient from the device. */
export class DynamicLossScale implements LossScale {
  /** Chainer's first and largest scale: the largest numbers of 16 bits. */
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
