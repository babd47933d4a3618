import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { ValueError } from '../../errors.js';
import { checkFinite, inWords } from '../../options.js';
import { Described, made } from '../../printing.js';
import type { Progress, Trigger, Unit } from '../trigger.js';
import { Place } from './place.js';

/**
 * Fires when a training passes one of several points, in epochs or iterations; follows
 * chainer.training.triggers.ManualScheduleTrigger.
 */
export class ManualScheduleTrigger extends Described implements Trigger {
  /** The points, in epochs or iterations. */
  readonly points: readonly number[];
  readonly #place: Place;
  #finished = false;

  constructor(points: number | readonly number[], unit: Unit) {
    super();
    this.points = typeof points === 'number' ? [points] : points;
    if (!Array.isArray(this.points))
      throw new ValueError(`${new.target.name}: points are ${inWords(points)}, expected numbers`);
    for (const point of this.points) checkFinite(new.target.name, 'a point', point);
    this.#place = new Place(unit);
  }

  get finished(): boolean {
    return this.#finished;
  }

  fires(progress: Progress): boolean {
    const [before, now] = this.#place.advance(progress);
    this.#finished = now >= Math.max(...this.points);
    return this.points.some((point) => before < point && point <= now);
  }

  serialize(serializer: Serializer): void {
    this.#place.serialize(serializer);
    this.#finished = unlessMissing(serializer, 'finished', this.#finished, false);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { points: this.points, unit: this.#place.unit };
  }
}
